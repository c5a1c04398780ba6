//! A study's folder, replaced all at once or not at all.
//!
//! Everything is written into a hidden sibling folder, brought to disk, and exchanged with the old
//! folder in one step of the file system. Until then the old study stays as it was; when the work
//! is given up, the sibling disappears.

use crate::store::staging::{FORMER, Staging};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, FileType};
use std::io;
use std::path::{Path, PathBuf};

/// What lies in a folder that a command of this program writes.
#[derive(Clone, Copy, Debug)]
pub struct Contents {
    /// Files of which any one shows whose folder it is.
    pub marks: &'static [&'static str],
    /// Everything else in it.
    pub others: &'static [&'static str],
    /// Folder that holds `*.geojson` and nothing else.
    pub layers: Option<&'static str>,
}

/// A study. The last three files are what SQLite leaves beside a GeoPackage that somebody has open.
const STUDY: Contents = Contents {
    marks: &["study.gpkg", "summary.json"],
    others: &[
        "findings.json",
        "tables.xlsx",
        "study.json",
        "beside.json",
        "overlays.json",
        "study.gpkg-wal",
        "study.gpkg-shm",
        "study.gpkg-journal",
    ],
    layers: Some("layers"),
};

const UNREADABLE: &str = "フォルダーを読めません";

/// How many foreign entries a message lists.
const LISTED: usize = 5;

/// Why a study's folder could not be put in place.
#[derive(Debug, thiserror::Error)]
pub enum SwapError {
    /// The target holds something that this program has not written and that would be lost.
    #[error(
        "{}: keniki がここに書くものではないファイルがあるため、置き換えません（{}）。\
         それらを別の場所へ移すか、--out に別のフォルダーを指定してください",
        .folder.display(), listed(.foreign)
    )]
    Foreign {
        /// The target.
        folder: PathBuf,
        /// What is not ours, as paths in the target, in order.
        foreign: Vec<PathBuf>,
    },
    /// The target is not a folder.
    #[error("{}: ファイルです。結果を置くフォルダーを指定してください", .0.display())]
    NotAFolder(PathBuf),
    /// The target has no name of its own (`/`, `..`).
    #[error("{}: フォルダーごと置き換えることができません。その中のフォルダーを指定してください", .0.display())]
    NoName(PathBuf),
    /// The file system refused.
    #[error("{}: {doing}（{cause}）。空き容量と書き込みの権限を確認してください", .path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What could not be done.
        doing: &'static str,
        /// What the file system says.
        cause: io::Error,
    },
}

/// The first entries by name, and how many there are besides.
fn listed(foreign: &[PathBuf]) -> String {
    let names: Vec<_> = foreign.iter().take(LISTED).map(|path| path.display().to_string()).collect();
    let rest = match foreign.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" ほか{more}件"),
    };
    names.join("、") + &rest
}

impl SwapError {
    pub(super) fn io(path: &Path, doing: &'static str, cause: impl Into<io::Error>) -> Self {
        Self::Io { path: path.to_owned(), doing, cause: cause.into() }
    }
}

/// A new content of a folder in the making. Dropped without [`Replacement::commit`], it leaves
/// nothing behind.
#[derive(Debug)]
pub struct Replacement {
    target: PathBuf,
    contents: Contents,
    staging: Staging,
}

impl Replacement {
    /// Begins to replace `target`, or to create it, and the folders above it that are missing.
    ///
    /// # Errors
    /// [`SwapError`] when `target` holds something that is not a study, or when nothing can be
    /// written beside it.
    pub fn begin(target: &Path) -> Result<Self, SwapError> {
        Self::begin_with(target, STUDY)
    }

    /// The same for a folder with other contents than a study's.
    ///
    /// # Errors
    /// As [`Replacement::begin`].
    pub fn begin_with(target: &Path, contents: Contents) -> Result<Self, SwapError> {
        let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
        if let (Some(parent), Some(_)) = (parent, target.file_name()) {
            fs::create_dir_all(parent)
                .map_err(|cause| SwapError::io(parent, "フォルダーを作れません", cause))?;
        }
        let target = resolve(target)?;
        check_replaceable(&target, contents)?;
        let staging = Staging::beside(&target)?;
        Ok(Self { target, contents, staging })
    }

    /// The folder into which the new content is written.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.staging.path()
    }

    /// Puts the new content in place of the old and removes the old.
    ///
    /// # Errors
    /// [`SwapError`] when the target has meanwhile become something that is not a study, or when
    /// the file system refuses: the target is then as it was, unless the message says that only
    /// the removal of the replaced study failed.
    pub fn commit(self) -> Result<(), SwapError> {
        sync(self.folder())?;
        check_replaceable(&self.target, self.contents)?;
        let refused = |cause| SwapError::io(&self.target, "新しい結果に置き換えられません", cause);
        if self.target.exists() {
            exchange(self.folder(), &self.target).map_err(refused)?;
        } else {
            fs::rename(self.folder(), &self.target).map_err(refused)?;
        }
        if let Some(parent) = self.target.parent() {
            sync_one(parent)?;
        }
        // What lies under the staging name now is the old study, or nothing.
        let leftover = self.staging.keep();
        match fs::remove_dir_all(&leftover) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
                Err(SwapError::io(&leftover, "新しい結果に置き換えましたが、前の結果を消せません", cause))
            }
            _ => Ok(()),
        }
    }
}

/// The absolute path of the folder itself, behind any symbolic link, so that its sibling lies on
/// the same file system.
fn resolve(target: &Path) -> Result<PathBuf, SwapError> {
    let look = |path: &Path| {
        fs::canonicalize(path).map_err(|cause| SwapError::io(path, "フォルダーが見つかりません", cause))
    };
    if target.exists() {
        return look(target);
    }
    let name = target.file_name().ok_or_else(|| SwapError::NoName(target.to_owned()))?;
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    Ok(look(parent.unwrap_or(Path::new(".")))?.join(name))
}

/// Whoever replaces a folder removes it: it must be empty, or hold the same contents and nothing besides.
fn check_replaceable(target: &Path, contents: Contents) -> Result<(), SwapError> {
    if !target.exists() {
        return Ok(());
    }
    if !target.is_dir() {
        return Err(SwapError::NotAFolder(target.to_owned()));
    }
    let foreign = foreign_entries(target, contents)?;
    if foreign.is_empty() {
        return Ok(());
    }
    Err(SwapError::Foreign { folder: target.to_owned(), foreign })
}

/// What in the folder is not of these contents; everything, if none of the marks is there.
fn foreign_entries(folder: &Path, contents: Contents) -> Result<Vec<PathBuf>, SwapError> {
    let is_ours = contents.marks.iter().any(|mark| folder.join(mark).is_file());
    let mut foreign = Vec::new();
    for (name, kind) in entries(folder)? {
        let named = |ours: &[&str]| name.to_str().is_some_and(|name| ours.contains(&name));
        if is_ours && kind.is_dir() && contents.layers.is_some_and(|layers| named(&[layers])) {
            let strangers = entries(&folder.join(&name))?.into_iter().filter(|(name, kind)| {
                !kind.is_file() || Path::new(name).extension() != Some(OsStr::new("geojson"))
            });
            foreign.extend(strangers.map(|(stranger, _)| Path::new(&name).join(stranger)));
        } else if !(is_ours && kind.is_file() && (named(contents.marks) || named(contents.others))) {
            foreign.push(name.into());
        }
    }
    foreign.sort();
    Ok(foreign)
}

/// Names and kinds of what lies in a folder. A symbolic link is neither a file nor a folder.
fn entries(folder: &Path) -> Result<Vec<(OsString, FileType)>, SwapError> {
    fs::read_dir(folder)
        .and_then(|entries| {
            entries.map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?)))).collect()
        })
        .map_err(|cause| SwapError::io(folder, UNREADABLE, cause))
}

/// Exchanges two folders in one step; where the file system cannot (network and Windows drives),
/// in two with a way back.
fn exchange(new: &Path, target: &Path) -> io::Result<()> {
    match renameat_with(CWD, new, CWD, target, RenameFlags::EXCHANGE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP | Errno::XDEV) => exchange_in_steps(new, target),
        done => Ok(done?),
    }
}

fn exchange_in_steps(new: &Path, target: &Path) -> io::Result<()> {
    let mut aside = new.as_os_str().to_owned();
    aside.push(FORMER);
    let aside = Path::new(&aside);
    fs::rename(target, aside)?;
    if let Err(refused) = fs::rename(new, target) {
        fs::rename(aside, target)?;
        return Err(refused);
    }
    fs::rename(aside, new)
}

/// Brings every file and folder below `folder`, and itself, to disk.
fn sync(folder: &Path) -> Result<(), SwapError> {
    let unreadable = |cause| SwapError::io(folder, UNREADABLE, cause);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() { sync(&path)? } else { sync_one(&path)? }
    }
    sync_one(folder)
}

fn sync_one(path: &Path) -> Result<(), SwapError> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(|cause| SwapError::io(path, "ディスクに書き込めません", cause))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn study(folder: &Path, content: &str) {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("summary.json"), content).unwrap();
    }

    #[test]
    fn a_new_study_appears_whole_and_readable_to_others() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        let new = Replacement::begin(&target).unwrap();
        fs::create_dir(new.folder().join("layers")).unwrap();
        study(new.folder(), "new");
        assert!(!target.exists());
        new.commit().unwrap();
        assert_eq!(names(place.path()), ["out"]);
        assert_eq!(names(&target), ["layers", "summary.json"]);
        let ordinary = place.path().join("ordinary");
        fs::create_dir(&ordinary).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&target), mode(&ordinary));
    }

    #[test]
    fn an_old_study_is_replaced_as_a_whole() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        study(&target, "old");
        fs::create_dir(target.join("layers")).unwrap();
        for name in ["layers/stale.geojson", "findings.json", "tables.xlsx", "study.gpkg", "study.gpkg-wal"] {
            fs::write(target.join(name), "old").unwrap();
        }
        let new = Replacement::begin(&target).unwrap();
        study(new.folder(), "new");
        assert_eq!(fs::read_to_string(target.join("summary.json")).unwrap(), "old");
        new.commit().unwrap();
        assert_eq!(names(place.path()), ["out"]);
        assert_eq!(names(&target), ["summary.json"]);
        assert_eq!(fs::read_to_string(target.join("summary.json")).unwrap(), "new");
    }

    #[test]
    fn work_that_is_given_up_leaves_the_old_study_and_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        study(&target, "old");
        let new = Replacement::begin(&target).unwrap();
        study(new.folder(), "half");
        drop(new);
        assert_eq!(names(place.path()), ["out"]);
        assert_eq!(fs::read_to_string(target.join("summary.json")).unwrap(), "old");
    }

    #[test]
    fn a_folder_with_somebody_elses_files_is_refused_and_kept() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("letter.txt"), "dear").unwrap();
        assert!(matches!(Replacement::begin(place.path()), Err(SwapError::Foreign { .. })));
        assert!(matches!(
            Replacement::begin(&place.path().join("letter.txt")),
            Err(SwapError::NotAFolder(_))
        ));
        assert_eq!(names(place.path()), ["letter.txt"]);
    }

    #[test]
    fn a_study_is_not_replaced_by_other_contents() {
        let lists = Contents { marks: &["list.csv"], others: &["README.txt"], layers: None };
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        study(&target, "old");
        assert!(matches!(Replacement::begin_with(&target, lists), Err(SwapError::Foreign { .. })));
        fs::remove_file(target.join("summary.json")).unwrap();
        fs::write(target.join("list.csv"), "old").unwrap();
        assert!(matches!(Replacement::begin(&target), Err(SwapError::Foreign { .. })));
        let new = Replacement::begin_with(&target, lists).unwrap();
        fs::write(new.folder().join("list.csv"), "new").unwrap();
        new.commit().unwrap();
        assert_eq!(fs::read_to_string(target.join("list.csv")).unwrap(), "new");
    }

    #[test]
    fn a_project_file_saved_beside_the_study_is_named_and_kept() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        study(&target, "old");
        fs::write(target.join("study.qgz"), "my map").unwrap();
        let message = Replacement::begin(&target).unwrap_err().to_string();
        assert_eq!(
            message,
            format!(
                "{}: keniki がここに書くものではないファイルがあるため、置き換えません（study.qgz）。\
                 それらを別の場所へ移すか、--out に別のフォルダーを指定してください",
                target.display()
            )
        );
        assert_eq!(names(&target), ["study.qgz", "summary.json"]);
        fs::remove_file(target.join("study.qgz")).unwrap();
        let new = Replacement::begin(&target).unwrap();
        study(new.folder(), "new");
        fs::write(target.join("study.qgz"), "my map").unwrap();
        assert!(matches!(new.commit(), Err(SwapError::Foreign { .. })), "saved during the work");
        assert_eq!(fs::read_to_string(target.join("summary.json")).unwrap(), "old");
        assert_eq!(names(place.path()), ["out"]);
    }

    #[test]
    fn of_many_foreign_entries_five_are_listed_in_order_wherever_they_lie() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        study(&target, "old");
        fs::create_dir_all(target.join("layers/zones.geojson")).unwrap();
        fs::create_dir(target.join("tables.xlsx")).unwrap();
        symlink("/etc/hostname", target.join("findings.json")).unwrap();
        for name in ["layers/notes.txt", "layers/cells.geojson", "b.txt", "a.txt", "c.txt"] {
            fs::write(target.join(name), "mine").unwrap();
        }
        let message = Replacement::begin(&target).unwrap_err().to_string();
        assert!(
            message.contains("（a.txt、b.txt、c.txt、findings.json、layers/notes.txt ほか2件）"),
            "{message}"
        );
    }

    #[test]
    fn a_folder_without_a_study_is_not_replaced_for_the_names_of_its_files() {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join("layers")).unwrap();
        fs::write(place.path().join("layers/rivers.geojson"), "{}").unwrap();
        fs::write(place.path().join("tables.xlsx"), "my tables").unwrap();
        let message = Replacement::begin(place.path()).unwrap_err().to_string();
        assert!(message.contains("（layers、tables.xlsx）"), "{message}");
    }

    #[test]
    fn files_that_somebody_put_there_during_the_work_are_kept() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        let new = Replacement::begin(&target).unwrap();
        study(new.folder(), "new");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("letter.txt"), "dear").unwrap();
        assert!(matches!(new.commit(), Err(SwapError::Foreign { .. })));
        assert_eq!(names(place.path()), ["out"]);
        assert_eq!(names(&target), ["letter.txt"]);
    }

    #[test]
    fn an_empty_folder_and_the_end_of_a_link_are_replaced() {
        let place = tempfile::tempdir().unwrap();
        let real = place.path().join("real");
        fs::create_dir(&real).unwrap();
        let link = place.path().join("link");
        symlink(&real, &link).unwrap();
        let new = Replacement::begin(&link).unwrap();
        study(new.folder(), "new");
        new.commit().unwrap();
        assert_eq!(names(place.path()), ["link", "real"]);
        assert_eq!(fs::read_to_string(real.join("summary.json")).unwrap(), "new");
    }

    #[test]
    fn missing_folders_above_the_target_are_created_and_a_nameless_target_is_refused() {
        let place = tempfile::tempdir().unwrap();
        drop(Replacement::begin(&place.path().join("a").join("b")).unwrap());
        assert_eq!(names(place.path()), ["a"]);
        fs::remove_dir(place.path().join("a")).unwrap();
        assert!(matches!(Replacement::begin(Path::new("/nowhere/..")), Err(SwapError::NoName(_))));
        assert!(names(place.path()).is_empty());
    }

    #[test]
    fn where_folders_cannot_be_exchanged_two_steps_do_the_same() {
        let place = tempfile::tempdir().unwrap();
        let (new, target) = (place.path().join("new"), place.path().join("out"));
        study(&new, "new");
        study(&target, "old");
        exchange_in_steps(&new, &target).unwrap();
        assert_eq!(names(place.path()), ["new", "out"]);
        assert_eq!(fs::read_to_string(target.join("summary.json")).unwrap(), "new");
        assert_eq!(fs::read_to_string(new.join("summary.json")).unwrap(), "old");
    }
}
