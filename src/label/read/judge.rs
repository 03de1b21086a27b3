//! All groups of a taxonomy -> faults that show only when they are set beside one another.

use super::super::fault::Fault;
use super::super::taxonomy::Group;
use super::Reader;

impl Reader<'_> {
    /// Rules that can be seen at once to be never reached, looks that are alike, and whether
    /// everyone gets a group. `rules` says whether groups have rules.
    pub(super) fn judge(&mut self, groups: &[(usize, Group)], rules: bool) {
        let key = |group: &Group| group.key.0.clone();
        for (index, (start, group)) in groups.iter().enumerate() {
            let above = &groups[..index];
            if let Some(rule) = group.rule() {
                let always = above.iter().find(|(_, other)| other.is_rest());
                let same =
                    above.iter().find(|(_, other)| other.rule().is_some_and(|r| r.same_as(rule)));
                if let Some((_, other)) = always {
                    self.fault(*start, Fault::Shadowed { group: key(group), by: key(other) });
                } else if let Some((_, other)) = same {
                    self.fault(*start, Fault::SameRule { group: key(group), other: key(other) });
                } else if rule.constant() == Some(false) {
                    self.fault(*start, Fault::NeverTrue { group: key(group) });
                }
            }
            for (_, other) in above {
                for (what, mine, theirs) in [
                    ("name", &group.name.en, &other.name.en),
                    ("name", &group.name.vi, &other.name.vi),
                    ("colour", &group.color, &other.color),
                ] {
                    if mine.to_lowercase() == theirs.to_lowercase() {
                        let (group, other, value) = (key(group), key(other), mine.clone());
                        self.fault(*start, Fault::SameLook { group, other, what, value });
                    }
                }
            }
        }
        if let Some((start, last)) = groups.last()
            && rules
            && !last.is_rest()
        {
            self.fault(*start, Fault::NoOtherwise { group: key(last) });
        }
    }
}
