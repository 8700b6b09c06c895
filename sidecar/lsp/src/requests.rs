//! The custom requests' parameters. Whatever is wrong with them is answered in the envelope, which names it.

use std::fmt::Display;

use remit_board::{
    command::{Asking, Command, Query},
    failure::Failure,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

type Parsed<T> = Result<T, Failure>;

/// `{command, arguments?, …}`: what stands beside them says who asks.
pub(crate) fn command(params: Value) -> Parsed<(Asking, Command)> {
    let request = Request::parse(params, "command", Command::NAMES)?;
    match Command::from_json(&request.name, request.arguments.clone()) {
        Some(command) => Ok((request.asking, command.map_err(|error| bad_arguments(&request.name, error))?)),
        None => Err(unknown("command", &request.name, Command::NAMES)),
    }
}

/// `{query, arguments?, …}`.
pub(crate) fn query(params: Value) -> Parsed<(Asking, Query)> {
    let request = Request::parse(params, "query", Query::NAMES)?;
    match Query::from_json(&request.name, request.arguments.clone()) {
        Some(query) => Ok((request.asking, query.map_err(|error| bad_arguments(&request.name, error))?)),
        None => Err(unknown("query", &request.name, Query::NAMES)),
    }
}

/// `{since?}`: the mark of the board that the client has. Whatever it is, it is no more than a hint.
pub(crate) fn since(params: &Value) -> Option<String> {
    params.get("since")?.as_str().map(str::to_owned)
}

struct Request {
    name: String,
    arguments: Value,
    asking: Asking,
}

impl Request {
    fn parse(params: Value, what: &str, names: &[&str]) -> Parsed<Self> {
        let Value::Object(mut fields) = params else {
            return Err(Failure::invalid(format!("the parameters must be an object with a {what:?}")));
        };
        let name = match fields.remove(what) {
            Some(Value::String(name)) => name,
            Some(_) => return Err(Failure::invalid(format!("{what:?} must be a string"))),
            None => return Err(Failure::invalid(format!("{what:?} is missing")).hint(one_of(names))),
        };
        let arguments = match fields.remove("arguments") {
            None | Some(Value::Null) => json!({}),
            Some(arguments @ Value::Object(_)) => arguments,
            Some(_) => return Err(Failure::invalid(format!("the arguments of {name} must be an object"))),
        };
        Ok(Self { name, arguments, asking: asking(fields)? })
    }
}

fn asking(fields: Map<String, Value>) -> Parsed<Asking> {
    // The token's value must not come back in a message that may be logged.
    if fields.get("lease_token").is_some_and(|token| !token.is_string() && !token.is_null()) {
        return Err(Failure::invalid("lease_token must be a string"));
    }
    let given = fields.into_iter().filter(|(_, value)| !value.is_null()).collect();
    Asking::deserialize(Value::Object(given)).map_err(|error| Failure::invalid(error.to_string()))
}

fn bad_arguments(name: &str, error: impl Display) -> Failure {
    Failure::invalid(format!("the arguments of {name} are not valid: {error}"))
}

fn unknown(what: &str, name: &str, names: &[&str]) -> Failure {
    Failure::invalid(format!("there is no {what} {name:?}")).hint(one_of(names))
}

fn one_of(names: &[&str]) -> String {
    format!("one of {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use remit_board::failure::Kind;

    use super::*;

    #[test]
    fn a_command_comes_with_its_arguments_and_who_asks() {
        let (asking, command) = super::command(json!({
            "command": "claim", "arguments": {"module": "core", "ttl_seconds": 60},
            "agent_id": "agent-1", "expected_revision": 41, "request_id": "r-1", "while_session": true,
            "lease_token": null,
        }))
        .unwrap();
        assert_eq!(command.name(), "claim");
        assert_eq!(command.arguments()["module"], "core");
        assert_eq!(asking.agent_id.unwrap().as_str(), "agent-1");
        assert_eq!(asking.expected_revision, Some(41));
        assert_eq!(asking.request_id.unwrap().as_str(), "r-1");
        assert!(asking.while_session);
        assert!(asking.lease_token.is_none());
    }

    #[test]
    fn arguments_may_be_left_out() {
        for params in [json!({"query": "findings"}), json!({"query": "findings", "arguments": null})] {
            assert_eq!(super::query(params).unwrap().1.name(), "findings");
        }
    }

    #[track_caller]
    fn refused<T>(parsed: Parsed<T>, words: &[&str]) {
        let failure = parsed.err().expect("refused");
        assert_eq!(failure.kind, Kind::Invalid);
        for word in words {
            assert!(failure.message.contains(word), "{word:?} in {:?}", failure.message);
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        refused(command(json!(null)), &["object", "command"]);
        refused(command(json!(["claim"])), &["object", "command"]);
        refused(command(json!({})), &["command", "missing"]);
        refused(command(json!({"command": 7})), &["command", "string"]);
        refused(command(json!({"command": "destroy"})), &["no command", "destroy"]);
        refused(command(json!({"command": "claim"})), &["claim", "module"]);
        refused(command(json!({"command": "claim", "arguments": []})), &["claim", "object"]);
        refused(command(json!({"command": "claim", "arguments": {"module": "../x"}})), &["claim", "../x"]);
        refused(command(json!({"command": "claim", "arguments": {"module": "m", "moduel": 1}})), &["moduel"]);
        refused(command(json!({"command": "claim", "arguments": {"module": "m"}, "agent": "x"})), &["agent"]);
        refused(command(json!({"command": "claim", "expected_revision": -1})), &["-1"]);
        refused(
            query(json!({"query": "who-owns", "arguments": {"paths": ["/etc/passwd"]}})),
            &["/etc/passwd"],
        );
        refused(query(json!({"query": "claim"})), &["no query", "claim"]);
    }

    #[test]
    fn a_damaged_token_is_not_repeated() {
        let failure = command(json!({"command": "claim", "lease_token": ["s3cret"]})).unwrap_err();
        assert!(!format!("{failure:?}").contains("s3cret"));
    }
}
