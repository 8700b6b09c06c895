//! `validate`: the file first, then what stands in it.

use remit_board::{
    command::{Asking, Command, Validate},
    decide::DoneBefore,
    door::Outcome,
    failure::{Code, Failure},
    reply::{Reply, Validated},
};
use remit_store::{Damage, Options, Rebuilt, StoreError};
use serde_json::json;

use crate::{local::LocalEngine, mutate::fresh_seed};

impl LocalEngine {
    pub(crate) fn validate(&self, asking: &Asking, command: Validate) -> Outcome<Reply> {
        let mended = match self.mend_file(command.repair) {
            Ok(mended) => mended,
            Err(failure) => return Outcome::failed(None, failure),
        };
        // What was mended is under another name or in other pages now.
        self.close_store();
        let Outcome { revision, result } =
            self.mutate_after(asking, Command::Validate(command), DoneBefore::Mended(&mended));
        let result = result.and_then(|reply| match reply {
            Reply::Validated(validated) if !validated.sound => Err(unsound(&validated)),
            reply => Ok(reply),
        });
        Outcome { revision, result }
    }

    /// What was done to make the file whole; a refusal where nothing was to be done.
    fn mend_file(&self, repair: bool) -> Result<Vec<String>, Failure> {
        let damage = match remit_store::examine(&self.plan, &Options::default()) {
            Ok(None) => return Ok(Vec::new()),
            Ok(Some(damage)) => damage,
            // The database alone is gone: what stands beside it is a board still.
            Err(error @ StoreError::NoBoard { .. }) if repair && self.plan.state_json().is_file() => {
                Damage { lines: vec![error.to_string()], only_indexes: false }
            }
            Err(error) => return Err(error.into()),
        };
        if !repair {
            return Err(damaged(&damage));
        }
        if damage.only_indexes && remit_store::reindex(&self.plan, &Options::default()).is_ok() {
            let left = remit_store::examine(&self.plan, &Options::default())?;
            if left.is_none() {
                return Ok(vec![format!("indexes were made anew ({})", damage.lines.join("; "))]);
            }
        }
        self.close_store();
        let rebuilt =
            remit_store::rebuild(&self.plan, &self.project_name(), &Options::default(), &fresh_seed()?)?;
        Ok(rebuilt.map_or_else(Vec::new, |rebuilt| told(&damage, &rebuilt)))
    }
}

fn told(damage: &Damage, rebuilt: &Rebuilt) -> Vec<String> {
    let names = rebuilt.aside.iter().filter_map(|path| path.file_name()).map(|name| name.to_string_lossy());
    let names = names.collect::<Vec<_>>().join(", ");
    let mut told = vec![
        format!("the database was damaged ({})", damage.lines.join("; ")),
        if names.is_empty() {
            "there was no file to set aside".to_owned()
        } else {
            format!("it was set aside as {names}")
        },
        format!("the board was rebuilt with {} modules", rebuilt.modules),
    ];
    told.extend(rebuilt.missing.iter().map(|what| format!("missing: {what}")));
    told
}

fn damaged(damage: &Damage) -> Failure {
    let what = damage.lines.first().map_or("", String::as_str);
    Failure::new(Code::InvalidBoard, format!("the database is damaged: {what}; nothing was changed"))
        .hint(
            "`remit validate --repair` sets it aside and rebuilds the board from state.json and the files beside it; \
             copy project-plan first if you want to try more",
        )
        .details(json!({ "damage": damage.lines }))
}

fn unsound(validated: &Validated) -> Failure {
    let first = validated.flaws.first().map_or("", |flaw| flaw.what.as_str());
    let message = match validated.flaws.len() {
        1 => format!("the board does not hold together: {first}; only an event was added"),
        n => {
            format!("the board does not hold together in {n} places, first: {first}; only an event was added")
        }
    };
    Failure::new(Code::InvalidBoard, message)
        .hint("`remit validate --repair` puts it right, and says how")
        .details(json!({ "flaws": validated.flaws }))
}
