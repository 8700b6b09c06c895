//! Makes an enum out of the list of commands, with everything that a face needs to spell them.

macro_rules! registry {
    ($(#[$doc:meta])* pub enum $name:ident replies $replies:ident {
        $($variant:ident($text:literal) -> $reply:ident,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub enum $name {
            $($variant($variant),)*
        }

        impl $name {
            pub const NAMES: &'static [&'static str] = &[$($text,)*];

            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $text,)*
                }
            }

            /// The arguments of `name` as a plain JSON object; `None` when there is no such name.
            pub fn from_json(name: &str, arguments: serde_json::Value) -> Option<Result<Self, serde_json::Error>> {
                match name {
                    $($text => Some(serde_json::from_value(arguments).map(Self::$variant)),)*
                    _ => None,
                }
            }

            pub fn arguments(&self) -> serde_json::Value {
                match self {
                    $(Self::$variant(command) => serde_json::to_value(command).unwrap_or_default(),)*
                }
            }

            /// Adds the flags of `name` to a clap command, building no other's.
            pub fn augment(name: &str, command: clap::Command) -> Option<clap::Command> {
                match name {
                    $($text => Some(<$variant as clap::Args>::augment_args(command)),)*
                    _ => None,
                }
            }

            pub fn from_matches(name: &str, matches: &clap::ArgMatches) -> Option<Result<Self, clap::Error>> {
                match name {
                    $($text => Some(<$variant as clap::FromArgMatches>::from_arg_matches(matches).map(Self::$variant)),)*
                    _ => None,
                }
            }

            /// Name, schema of the arguments, schema of the reply.
            pub fn schemas(
                arguments: &mut schemars::SchemaGenerator,
                replies: &mut schemars::SchemaGenerator,
            ) -> Vec<(&'static str, schemars::Schema, schemars::Schema)> {
                vec![$(($text, arguments.subschema_for::<$variant>(), replies.subschema_for::<$reply>()),)*]
            }

            /// The reply to `name`, read back from its JSON form.
            pub fn reply_from_json(name: &str, value: serde_json::Value) -> Option<Result<$replies, serde_json::Error>> {
                match name {
                    $($text => Some(serde_json::from_value(value).map(|reply: $reply| $replies::from(reply))),)*
                    _ => None,
                }
            }
        }
    };
}
