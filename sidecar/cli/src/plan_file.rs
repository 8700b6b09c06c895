//! Reading a plan: `{"modules": [{…}]}` from a file or from standard input.

use std::{ffi::OsStr, io::Read};

use remit_board::{command::ImportPlan, failure::Failure};

pub fn read(file: &OsStr) -> Result<ImportPlan, Failure> {
    let name = if file == "-" { "standard input".to_owned() } else { file.to_string_lossy().into_owned() };
    let text = text_of(file)
        .map_err(|error| Failure::invalid(format!("{name} can't be read: {error}; nothing was changed")))?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::invalid(format!("{name} is not a plan: {error}; nothing was changed"))
            .hint("a plan is {\"modules\": [{\"id\": \"…\", \"depends_on\": […], \"owned_paths\": […]}]}")
    })
}

fn text_of(file: &OsStr) -> std::io::Result<String> {
    if file == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(file)
}
