//! The program: hands the command line to the library and exits with what it says.

fn main() -> std::process::ExitCode {
    ungpho::ui::main()
}
