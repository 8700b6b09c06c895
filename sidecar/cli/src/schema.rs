//! The vocabulary as one JSON schema, from which wire types are generated.

use remit_board::{
    command::{Asking, Command, Query},
    failure::Failure,
    reply::BoardDifference,
};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// `{commands: {name: {arguments, reply}}, queries: {…}, asking, failure, difference, definitions: {arguments: …, replies: …}}`.
pub fn text() -> String {
    // Two contracts: what is read may leave out what has a default, what is written has every field.
    let mut arguments = SchemaSettings::draft07().for_deserialize().into_generator();
    let mut replies = SchemaSettings::draft07().for_serialize().into_generator();
    let commands = entries(Command::schemas(&mut arguments, &mut replies));
    let queries = entries(Query::schemas(&mut arguments, &mut replies));
    let asking = arguments.subschema_for::<Asking>();
    let failure = replies.subschema_for::<Failure>();
    let difference = replies.subschema_for::<BoardDifference>();
    let schema = json!({
        "commands": commands,
        "queries": queries,
        "asking": asking,
        "failure": failure,
        "difference": difference,
        "definitions": {
            "arguments": arguments.take_definitions(true),
            "replies": replies.take_definitions(true),
        },
    });
    serde_json::to_string_pretty(&schema).unwrap_or_default()
}

fn entries(rows: Vec<(&'static str, schemars::Schema, schemars::Schema)>) -> Value {
    let rows = rows
        .into_iter()
        .map(|(name, arguments, reply)| (name.to_owned(), json!({ "arguments": arguments, "reply": reply })));
    Value::Object(rows.collect::<Map<String, Value>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some model interfaces refuse a whole session over a union at the top.
    #[test]
    fn every_command_takes_a_plain_object() {
        let schema: Value = serde_json::from_str(&text()).unwrap();
        for kind in ["commands", "queries"] {
            for (name, entry) in schema[kind].as_object().unwrap() {
                for side in ["arguments", "reply"] {
                    let reference = entry[side]["$ref"].as_str().unwrap_or_else(|| panic!("{name}: {entry}"));
                    let type_name = reference.rsplit('/').next().unwrap();
                    let contract = if side == "arguments" { "arguments" } else { "replies" };
                    let definition = &schema["definitions"][contract][type_name];
                    assert_eq!(definition["type"], "object", "{name} {side}: {definition}");
                    assert!(definition.get("oneOf").is_none() && definition.get("anyOf").is_none(), "{name}");
                }
            }
        }
    }
}
