//! The four spellings of a command name the same things.

use remit_board::command::{Command, Query};
use schemars::generate::SchemaSettings;

/// `--owned-path P` is given several times; in JSON the list has the plural name.
fn property_of(flag: &str) -> String {
    match flag {
        "owned-path" => "owned_paths".to_owned(),
        "next-step" => "next_steps".to_owned(),
        "specialty" => "specialt".to_owned(),
        other => other.replace('-', "_"),
    }
}

#[test]
fn every_flag_is_a_property_and_every_property_a_flag() {
    let mut arguments = SchemaSettings::draft07().for_deserialize().into_generator();
    let mut replies = SchemaSettings::draft07().for_serialize().into_generator();
    let rows = Command::schemas(&mut arguments, &mut replies)
        .into_iter()
        .chain(Query::schemas(&mut arguments, &mut replies));
    let rows: Vec<_> = rows.map(|(name, schema, _)| (name, schema)).collect();
    let definitions = arguments.take_definitions(true);
    for (name, schema) in rows {
        let type_name = schema.get("$ref").unwrap().as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let properties: Vec<String> = definitions[&type_name]["properties"]
            .as_object()
            .map(|properties| properties.keys().cloned().collect())
            .unwrap_or_default();
        let bare = || clap::Command::new("x");
        let command = Command::augment(name, bare()).or_else(|| Query::augment(name, bare())).unwrap();
        let flags: Vec<String> = command
            .get_arguments()
            .map(|arg| arg.get_long().map_or_else(|| arg.get_id().to_string(), property_of))
            .collect();
        for flag in &flags {
            assert!(
                properties.iter().any(|property| property.starts_with(flag)),
                "{name}: --{flag} is no property of {properties:?}"
            );
        }
        for property in &properties {
            let without_flag = ["kind", "modules"].contains(&property.as_str());
            assert!(
                without_flag || flags.iter().any(|flag| property.starts_with(flag)),
                "{name}: {property} is no flag of {flags:?}"
            );
        }
    }
}

#[test]
fn unknown_fields_are_refused_on_every_wire() {
    for (name, arguments) in [
        ("claim", serde_json::json!({ "module": "m", "ttl": 5 })),
        ("add-module", serde_json::json!({ "id": "m", "paths": [] })),
        ("claim-next", serde_json::json!({ "speciality": "x" })),
        ("init-agent", serde_json::json!({ "thread": "x" })),
        ("register-session", serde_json::json!({ "thread": "x" })),
        ("preflight", serde_json::json!({ "agents": 2 })),
        ("edit-module", serde_json::json!({ "id": "m", "owned": [] })),
    ] {
        assert!(Command::from_json(name, arguments).unwrap().is_err(), "{name}");
    }
    assert!(Command::from_json("clam", serde_json::json!({})).is_none());
}
