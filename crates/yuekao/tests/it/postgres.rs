//! One PostgreSQL server for all test processes: the first that needs it starts it, and it stops
//! and removes itself when no test has used it for a while.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::SystemTime;

const BINARIES: &str = "/usr/lib/postgresql/15/bin";

/// Waits until no process holds `users` and none has come for twenty seconds; then, with the door
/// closed, stops the server and removes its folder.
const CARETAKER: &str = r#"
while sleep 5; do
    [ -d "$FOLDER" ] || exit 0
    flock "$FOLDER/door" sh -c '
        [ $(( $(date +%s) - $(stat -c %Y "$FOLDER/users") )) -ge 20 ] || exit 0
        flock -n "$FOLDER/users" true || exit 0
        $AS "$BINARIES/pg_ctl" -D "$FOLDER/data" -m immediate stop
        rm -rf "$FOLDER"'
done
"#;

/// The running server, as long as this process lives.
struct Server {
    port: u16,
    /// Held shared: the caretaker leaves the server alone.
    _use: File,
}

/// A new empty database; gone when this is dropped.
pub struct Fresh {
    name: String,
    port: u16,
}

impl Fresh {
    /// Makes one on the shared server, which is started if need be.
    pub fn new() -> Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        let port = SERVER
            .get_or_init(|| Server::attach().unwrap_or_else(|why| panic!("{why}")))
            .port;
        let name = format!("t{:016x}", rand::random::<u64>());
        psql(port, &format!("CREATE DATABASE {name}")).unwrap_or_else(|why| panic!("{why}"));
        Self { name, port }
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{}", self.port, self.name)
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if let Err(why) = psql(
            self.port,
            &format!("DROP DATABASE {} WITH (FORCE)", self.name),
        ) {
            eprintln!("{why}");
        }
    }
}

impl Server {
    fn attach() -> Result<Self, String> {
        if !Path::new(BINARIES).join("initdb").exists() {
            return Err(format!(
                "The store's tests need PostgreSQL 15, and {BINARIES} is not there. \
                 Install it with: apt-get install postgresql-15"
            ));
        }
        let root = fs::metadata("/proc/self").map_err(text)?.uid() == 0;
        let uid = fs::metadata("/proc/self").map_err(text)?.uid();
        let folder = std::env::temp_dir().join(format!("yuekao-tests-{uid}"));
        // The caretaker may remove the folder between its making and the lock: then once more.
        for _ in 0..10 {
            fs::create_dir_all(&folder).map_err(text)?;
            let Ok(door) = File::create(folder.join("door")) else {
                continue;
            };
            door.lock().map_err(text)?;
            if !same_file(&door, &folder.join("door")) {
                continue;
            }
            let port = match running(&folder) {
                Some(port) => port,
                None => start(&folder, root)?,
            };
            let users = File::options()
                .create(true)
                .write(true)
                .truncate(false)
                .open(folder.join("users"))
                .map_err(text)?;
            users.set_modified(SystemTime::now()).map_err(text)?;
            users.lock_shared().map_err(text)?;
            return Ok(Self { port, _use: users });
        }
        Err(format!("{} could not be locked", folder.display()))
    }
}

/// The port of a server that answers.
fn running(folder: &Path) -> Option<u16> {
    let port = fs::read_to_string(folder.join("port")).ok()?.parse().ok()?;
    psql(port, "SELECT 1").ok().map(|()| port)
}

fn start(folder: &Path, root: bool) -> Result<u16, String> {
    // PostgreSQL refuses to run as root; Debian's package brings the user `postgres`.
    let user: &[&str] = if root {
        &["runuser", "-u", "postgres", "--"]
    } else {
        &[]
    };
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).map_err(text)?;
    let data = folder.join("data");
    if data.exists() {
        fs::remove_dir_all(&data).map_err(text)?;
    }
    fs::create_dir(&data).map_err(text)?;
    if root {
        run(Command::new("chown").arg("postgres").arg(&data))?;
    }
    let port = free_port()?;
    let binary = |name: &str| as_user(user, &Path::new(BINARIES).join(name));
    run(binary("initdb").arg("-D").arg(&data).args([
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]))?;
    let options = format!(
        "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' \
         -c fsync=off -c full_page_writes=off -c max_connections=300"
    );
    run(binary("pg_ctl")
        .arg("-D")
        .arg(&data)
        .arg("-l")
        .arg(data.join("log"))
        .args(["-w", "-t", "60", "-o", &options, "start"]))?;
    File::create(folder.join("users")).map_err(text)?;
    let mut note = File::create(folder.join("port")).map_err(text)?;
    write!(note, "{port}").map_err(text)?;
    Command::new("setsid")
        .args(["sh", "-c", CARETAKER])
        .env("FOLDER", folder)
        .env("BINARIES", BINARIES)
        .env("AS", user.join(" "))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(text)?;
    Ok(port)
}

fn as_user(user: &[&str], program: &PathBuf) -> Command {
    let mut command = match user {
        [] => return Command::new(program),
        [first, ..] => Command::new(first),
    };
    // Its folder may be closed to that user; / is open to everybody.
    command.args(&user[1..]).arg(program).current_dir("/");
    command
}

fn psql(port: u16, sql: &str) -> Result<(), String> {
    run(Command::new(Path::new(BINARIES).join("psql")).args([
        "-X",
        "-q",
        "-h",
        "127.0.0.1",
        "-p",
        &port.to_string(),
        "-U",
        "postgres",
        "-c",
        sql,
    ]))
}

fn run(command: &mut Command) -> Result<(), String> {
    // Output to files: a server started by pg_ctl keeps its pipes, and reading them would wait for it.
    let mut errors = tempfile::tempfile().map_err(text)?;
    let log = errors.try_clone().map_err(text)?;
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .status();
    if matches!(&status, Ok(status) if status.success()) {
        return Ok(());
    }
    use std::io::{Read as _, Seek as _};
    let mut said = String::new();
    errors
        .rewind()
        .and_then(|()| errors.read_to_string(&mut said))
        .map_err(text)?;
    Err(format!("{command:?} failed ({status:?}): {said}"))
}

fn free_port() -> Result<u16, String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(text)?;
    Ok(listener.local_addr().map_err(text)?.port())
}

fn same_file(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(named)) => open.ino() == named.ino(),
        _ => false,
    }
}

fn text(error: std::io::Error) -> String {
    error.to_string()
}
