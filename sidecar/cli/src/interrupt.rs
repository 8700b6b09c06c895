//! Ctrl-C while a command waits: it leaves with 130, as shells expect, and never in the middle of its answer.

/// Without a handler the system's own end stays, which is no less final.
pub fn leave_whole() {
    drop(ctrlc::set_handler(|| {
        // An answer that is being printed is printed to its end.
        let _printed = std::io::stdout().lock();
        std::process::exit(130);
    }));
}
