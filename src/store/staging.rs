//! Hidden siblings of a target, in which something is written before it takes the place of the target. What
//! a killed run has left there is cleared away by the next one.

use crate::store::swap::SwapError;
use rustix::fs::{FlockOperation, flock};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// End of the name under which the former target waits while two folders change places in steps.
pub(super) const FORMER: &str = "-old";

/// A hidden folder beside a target. Its lock tells other runs that somebody is at work in it.
#[derive(Debug)]
pub(super) struct Staging {
    folder: TempDir,
    _lock: File,
}

impl Staging {
    /// Clears away what killed runs have left beside `target`, and makes a folder there.
    pub(super) fn beside(target: &Path) -> Result<Self, SwapError> {
        let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(SwapError::NoName(target.to_owned()));
        };
        let prefix = prefix(name);
        sweep(target, parent, &prefix);
        let refused =
            |cause| SwapError::io(parent, "新しい結果を書くためのフォルダーをこの中に作れません", cause);
        loop {
            let folder = tempfile::Builder::new()
                .prefix(&prefix)
                .rand_bytes(4)
                // As `mkdir` would: the umask decides who may read the study.
                .permissions(fs::Permissions::from_mode(0o777))
                .tempdir_in(parent)
                .map_err(refused)?;
            let lock = File::open(folder.path()).map_err(refused)?;
            // Where the file system knows no locks, nobody else takes this folder for left over either.
            let _ = flock(&lock, FlockOperation::LockExclusive);
            // Another run may have cleared it away before it was locked.
            if folder.path().exists() {
                return Ok(Self { folder, _lock: lock });
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Gives the folder up without removing it.
    pub(super) fn keep(self) -> PathBuf {
        self.folder.keep()
    }
}

fn prefix(name: &OsStr) -> OsString {
    let mut prefix = OsStr::new(".").to_owned();
    prefix.push(name);
    prefix.push(".keniki-");
    prefix
}

/// Removes the folders of this prefix in which nobody is at work. A former target whose place is empty goes
/// back there. What cannot be removed stays.
fn sweep(target: &Path, parent: &Path, prefix: &OsStr) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_ours = name.as_encoded_bytes().starts_with(prefix.as_encoded_bytes())
            && entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_ours {
            continue;
        }
        let Ok(lock) = File::open(entry.path()) else { continue };
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            continue;
        }
        let is_former = name.as_encoded_bytes().ends_with(FORMER.as_bytes());
        let done = if is_former && !target.exists() {
            fs::rename(entry.path(), target)
        } else {
            fs::remove_dir_all(entry.path())
        };
        if let Err(error) = done {
            tracing::warn!(%error, folder = %entry.path().display(), "left over from a killed run");
        }
    }
}

/// Writes a file all at once: whoever reads `target` finds the old contents or the new.
///
/// # Errors
/// [`SwapError`] when nothing can be written beside it; the old file is then as it was.
pub fn replace_file(target: &Path, contents: &[u8]) -> Result<(), SwapError> {
    let refused = |cause| SwapError::io(target, "ファイルを書けません", cause);
    // Behind a link, so that the link stays; a name without a folder is beside the current one.
    let target = match target.canonicalize() {
        Ok(behind) => behind,
        Err(_) => std::path::absolute(target).map_err(refused)?,
    };
    let refused = |cause| SwapError::io(&target, "ファイルを書けません", cause);
    let staging = Staging::beside(&target)?;
    let new = staging.path().join("new");
    let mut file = File::create(&new).map_err(refused)?;
    file.write_all(contents).and_then(|()| file.sync_all()).map_err(refused)?;
    fs::rename(&new, &target).map_err(refused)?;
    target
        .parent()
        .map_or(Ok(()), |parent| File::open(parent).and_then(|parent| parent.sync_all()))
        .map_err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<OsString> {
        let mut names: Vec<_> =
            fs::read_dir(folder).expect("readable").map(|entry| entry.expect("entry").file_name()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_nothing_else_stays() {
        let place = tempfile::tempdir().expect("folder");
        let target = place.path().join("study.toml");
        for contents in ["old", "new"] {
            replace_file(&target, contents.as_bytes()).expect("written");
            assert_eq!(fs::read_to_string(&target).expect("read"), contents);
        }
        assert_eq!(names(place.path()), ["study.toml"]);
        assert!(replace_file(Path::new("/nowhere/study.toml"), b"x").is_err());
    }

    #[test]
    fn what_a_killed_run_left_is_cleared_away_and_what_is_in_use_is_not() {
        let place = tempfile::tempdir().expect("folder");
        let target = place.path().join("out");
        fs::create_dir_all(place.path().join(".out.keniki-dead/layers")).expect("created");
        fs::create_dir(place.path().join(".other.keniki-dead")).expect("created");
        let first = Staging::beside(&target).expect("staging");
        let second = Staging::beside(&target).expect("staging");
        assert!(first.path().exists() && second.path().exists());
        drop((first, second));
        assert_eq!(names(place.path()), [".other.keniki-dead"]);
    }

    #[test]
    fn a_former_target_without_a_new_one_goes_back() {
        let place = tempfile::tempdir().expect("folder");
        let target = place.path().join("out");
        fs::create_dir(place.path().join(".out.keniki-dead")).expect("created");
        fs::create_dir(place.path().join(".out.keniki-dead-old")).expect("created");
        fs::write(place.path().join(".out.keniki-dead-old/summary.json"), "old").expect("written");
        drop(Staging::beside(&target).expect("staging"));
        assert_eq!(names(place.path()), ["out"]);
        assert_eq!(fs::read_to_string(target.join("summary.json")).expect("read"), "old");
    }
}
