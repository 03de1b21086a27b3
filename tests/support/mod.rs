//! What every test needs: a folder of its own with inputs, a configuration and a store; the
//! program run in it; what the program said and left behind.

mod outcome;
mod shop;
mod stored;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use outcome::Outcome;
pub use shop::{AS_OF, Shop, csv, parquet, sales};
pub use stored::{Frame, RUN_FILES, StoredRun, leftovers, same_bytes, stored_runs};

/// The program, to be run in `folder`.
pub fn segtrail(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segtrail"));
    command.current_dir(folder);
    command
}

/// The program run in `folder` to its end.
pub fn run_in(folder: &Path, args: &[&str]) -> Outcome {
    Outcome::of(segtrail(folder).args(args))
}

/// A path of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A folder of the data beside the repository, which are not part of it; none, with the reason
/// printed, where it is absent.
///
/// # Panics
/// Where it is absent and `CI` is set: there it must be tested.
pub fn shared_folder(name: &str) -> Option<PathBuf> {
    let folder = repository("../shared/data").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is absent", folder.display());
    skipped(&format!("{} is absent", folder.display()));
    None
}

/// Says why a test is skipped, past the capture of the test harness, which shows nothing of a
/// test that passes.
fn skipped(reason: &str) {
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    let _ = writeln!(std::io::stderr(), "{name} skipped: {reason}");
}

/// What begins a command that may not do everything: nothing for an ordinary user, `setpriv` for
/// root; none, with the reason printed, where root cannot become another user.
///
/// The other user must be able to enter `folder`, which is therefore opened to all.
pub fn without_privileges(folder: &Path) -> Option<Vec<String>> {
    let id = Command::new("id").arg("-u").output().ok()?;
    if String::from_utf8_lossy(&id.stdout).trim() != "0" {
        return Some(Vec::new());
    }
    open_to_all(folder);
    let prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    let works = Command::new(prefix[0])
        .args(&prefix[1..])
        .args([env!("CARGO_BIN_EXE_segtrail"), "--version"])
        .current_dir(folder)
        .output()
        .is_ok_and(|output| output.status.success());
    if works {
        return Some(prefix.map(String::from).to_vec());
    }
    skipped("this is root, and setpriv cannot run the program as another user");
    None
}

#[cfg(unix)]
pub fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn open_to_all(path: &Path) {
    if path.is_dir() {
        set_mode(path, 0o777);
        for entry in std::fs::read_dir(path).unwrap() {
            open_to_all(&entry.unwrap().path());
        }
    } else {
        set_mode(path, 0o666);
    }
}

/// A simulation written by the program into `folder/data`, with `cluster` lines added to the
/// configuration that comes with it.
pub fn simulate(folder: &Path, options: &[&str], cluster: &str) -> PathBuf {
    let mut arguments = vec!["simulate", "-o", "data", "--quiet"];
    arguments.extend(options);
    run_in(folder, &arguments).done();
    let configuration = folder.join("data/segtrail.toml");
    let text = std::fs::read_to_string(&configuration).unwrap();
    std::fs::write(&configuration, format!("{text}\n{cluster}\n")).unwrap();
    configuration
}
