//! The four functions of home care (退院支援, 日常の療養支援, 急変時の対応, 看取り): who bears them, as far
//! as filings and lists of offices tell, and whether a zone has each of them.

use crate::ingest::study::{Institution, Study};
use crate::zoning::checker::Judgement;
use crate::zoning::rules::{Function, Part};
use std::collections::BTreeSet;

/// Positions of the institutions that bear a part, those of an earlier class first, else in the order of
/// the study; `None` = no file that was loaded can speak of it.
#[must_use]
pub fn bearers(study: &Study, part: &Part) -> Option<Vec<usize>> {
    Ground::of(study).bearers(part)
}

/// Whether some municipalities have a function, and why. They have it when somebody bears each of its
/// needs there.
#[must_use]
pub fn judge(study: &Study, function: &Function, members: &BTreeSet<usize>) -> (Judgement, String) {
    Ground::of(study).judge(function, members)
}

/// Institutions, and the classes of which files can speak.
struct Ground<'a> {
    institutions: &'a [Institution],
    loaded: &'a BTreeSet<String>,
}

/// Those who bear one need of a function.
struct Found {
    here: usize,
    /// Those of whom no municipality is known.
    unplaced: usize,
    /// Parts of which no file tells.
    unknown: Vec<String>,
}

impl<'a> Ground<'a> {
    const fn of(study: &'a Study) -> Self {
        Self { institutions: study.institutions.as_slice(), loaded: &study.loaded_classes }
    }

    fn bearers(&self, part: &Part) -> Option<Vec<usize>> {
        if !part.classes.iter().any(|class| self.loaded.contains(class)) {
            return None;
        }
        let rank =
            |at: usize| part.classes.iter().position(|class| self.institutions[at].classes.contains(class));
        let mut ranked: Vec<(usize, usize)> =
            (0..self.institutions.len()).filter_map(|at| Some((rank(at)?, at))).collect();
        ranked.sort_unstable();
        Some(ranked.into_iter().map(|(_, at)| at).collect())
    }

    fn judge(&self, function: &Function, members: &BTreeSet<usize>) -> (Judgement, String) {
        let (mut fails, mut doubtful, mut reasons) = (false, false, Vec::new());
        for need in &function.needs {
            let words = need.join("・");
            let Found { here, unplaced, unknown } = self.find(function, need, members);
            reasons.push(if here > 0 {
                format!("{words}が{here}か所")
            } else if !unknown.is_empty() {
                doubtful = true;
                format!("{words}が見つかりません（{}のファイルが未登録です）", unknown.join("・"))
            } else if unplaced > 0 {
                doubtful = true;
                format!("{words}が見つかりません（所在地の分からない所が{unplaced}か所あります）")
            } else {
                fails = true;
                format!("{words}がありません")
            });
        }
        let judgement = match (fails, doubtful) {
            (true, _) => Judgement::Fail,
            (false, true) => Judgement::Unknown,
            (false, false) => Judgement::Pass,
        };
        (judgement, reasons.join("。"))
    }

    fn find(&self, function: &Function, need: &[String], members: &BTreeSet<usize>) -> Found {
        let (mut all, mut unknown) = (BTreeSet::new(), Vec::new());
        for part in function.parts.iter().filter(|part| need.contains(&part.id)) {
            match self.bearers(part) {
                Some(some) => all.extend(some),
                None => unknown.push(part.id.clone()),
            }
        }
        let place = |at: &usize| self.institutions[*at].municipality;
        Found {
            here: all.iter().filter(|at| place(at).is_some_and(|place| members.contains(&place))).count(),
            unplaced: all.iter().filter(|at| place(at).is_none()).count(),
            unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::study::Precision;

    fn institution(class: &str, municipality: Option<usize>) -> Institution {
        Institution {
            id: class.to_owned(),
            name: class.to_owned(),
            address: String::new(),
            municipality,
            position: None,
            precision: Precision::Unlocated,
            correction: None,
            classes: BTreeSet::from([class.to_owned()]),
            beds: None,
            practice: crate::ingest::study::Practice::default(),
            sources: Vec::new(),
            origins: crate::ingest::study::Origins::default(),
        }
    }

    fn part(id: &str, classes: &[&str]) -> Part {
        Part {
            id: id.to_owned(),
            name_en: String::new(),
            classes: classes.iter().map(|class| (*class).to_owned()).collect(),
            source: String::new(),
            tag: "A".to_owned(),
            national: None,
        }
    }

    /// 甲 needs a or b, and c.
    fn function() -> Function {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        Function {
            id: "f".to_owned(),
            name: String::new(),
            name_en: String::new(),
            clause: String::new(),
            needs: vec![words(&["甲", "乙"]), words(&["丙"])],
            parts: vec![part("甲", &["a", "b"]), part("乙", &["x"]), part("丙", &["c"])],
        }
    }

    fn set(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn judged(institutions: &[Institution], loaded: &[&str]) -> (Judgement, String) {
        let loaded = set(loaded);
        Ground { institutions, loaded: &loaded }.judge(&function(), &BTreeSet::from([0, 1]))
    }

    #[test]
    fn a_zone_has_a_function_when_each_need_has_somebody_in_it() {
        let both = || [institution("b", Some(1)), institution("c", Some(0))];
        let (judgement, reason) = judged(&both(), &["a", "b", "c"]);
        assert_eq!((judgement, reason.as_str()), (Judgement::Pass, "甲・乙が1か所。丙が1か所"));
        let elsewhere = [institution("b", Some(1)), institution("c", Some(2))];
        let (judgement, reason) = judged(&elsewhere, &["a", "b", "c"]);
        assert_eq!((judgement, reason.as_str()), (Judgement::Fail, "甲・乙が1か所。丙がありません"));
    }

    #[test]
    fn what_no_file_tells_is_unknown_and_never_none() {
        let (judgement, reason) = judged(&[institution("c", Some(0))], &["a", "b", "c"]);
        assert_eq!(judgement, Judgement::Unknown);
        assert_eq!(reason, "甲・乙が見つかりません（乙のファイルが未登録です）。丙が1か所");
        let placeless = [institution("a", Some(0)), institution("c", None)];
        let (judgement, reason) = judged(&placeless, &["a", "b", "c"]);
        assert_eq!(judgement, Judgement::Unknown);
        assert!(reason.ends_with("丙が見つかりません（所在地の分からない所が1か所あります）"), "{reason}");
        // A need that fails decides, whatever is unknown beside it.
        assert_eq!(judged(&[], &["c"]).0, Judgement::Fail);
    }

    #[test]
    fn those_of_an_earlier_class_come_first() {
        let institutions = [institution("b", None), institution("a", None), institution("b", None)];
        let loaded = set(&["b"]);
        let ground = Ground { institutions: &institutions, loaded: &loaded };
        assert_eq!(ground.bearers(&part("甲", &["a", "b"])), Some(vec![1, 0, 2]));
        assert_eq!(ground.bearers(&part("乙", &["x"])), None);
    }
}
