//! The `yuekao` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    yuekao::cli::main()
}
