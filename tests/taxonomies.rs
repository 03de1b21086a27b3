//! A corpus of faulty taxonomies (`tests/taxonomies/*.toml`): each begins with what the linter has
//! to find, `# expect LINE SEVERITY: PART OF THE MESSAGE`, and it must find nothing else. The
//! message says the remedy.

use std::path::Path;

use segtrail::label::rule::Scope;
use segtrail::label::{
    BUILT_IN, LintOptions, Seen, Severity, Taxonomy, Tool, in_vietnamese, label, label_customers,
    lint,
};
use segtrail::store::{self, Store};

use crate::support::{AS_OF, Shop, repository};

/// Every taxonomy that is compiled in, on every run of a store: the linter has no warning, every
/// segment has a name and a reason in both languages, every customer a group, and the levels of
/// the pyramid hold their shares to within one customer. The number of runs.
pub fn every_built_in_names_everyone(models: &Path) -> usize {
    let runs = Store::new(models).list(None).unwrap().runs;
    for stored in &runs {
        let run = store::load(stored).unwrap();
        let table = &run.features;
        let ids: Vec<_> = run.segments.segments.iter().map(|segment| segment.segment).collect();
        let segment_of: Vec<u32> = (run.assignments.iter().filter_map(|row| row.segment))
            .map(|segment| ids.iter().position(|id| *id == segment).unwrap() as u32)
            .collect();
        let known = segtrail::features::known(Some(table));
        for (name, text) in BUILT_IN {
            let place = format!("{name} on {}", stored.manifest.run_id);
            let taxonomy = Taxonomy::built_in(name).unwrap();
            let seen = Some(Seen { table, segment_of: &segment_of, k: ids.len() });
            let findings =
                lint(text, name, &LintOptions { known: &known, tools: &Tool::ALL, seen });
            assert!(findings.iter().all(|f| f.severity == Severity::Note), "{place}: {findings:?}");
            let labels = label(table, &segment_of, ids.len(), &taxonomy).unwrap();
            assert_eq!(labels.segments.len(), ids.len());
            for (_, label) in &labels.segments {
                for text in [&label.name, &label.description, &label.reason] {
                    assert!(!text.en.is_empty() && !text.vi.is_empty(), "{place}");
                }
                assert!((0.0..=1.0).contains(&label.fidelity) && label.treatment.is_some());
            }
            if taxonomy.of == Scope::Segments {
                continue;
            }
            let named = label_customers(table, &taxonomy).unwrap();
            let counted: usize = named.counts.iter().map(|count| count.buyers).sum();
            assert_eq!((named.buyers.len(), counted), (table.len(), table.len()), "{place}");
            if name == "pyramid" {
                for (count, share) in named.counts.iter().zip([0.01, 0.04, 0.15, 0.80]) {
                    let exact = share * table.len() as f64;
                    assert!((count.buyers as f64 - exact).abs() <= 1.0, "{place}: {count:?}");
                }
            }
        }
    }
    runs.len()
}

/// Line, severity and part of the message of each finding that the file asks for.
fn expected(text: &str) -> Vec<(usize, Severity, String)> {
    let marked = text.lines().map_while(|line| line.strip_prefix("# expect "));
    marked
        .map(|line| {
            let (place, message) = line.split_once(": ").unwrap();
            let (line, severity) = place.split_once(' ').unwrap();
            let severity = match severity {
                "error" => Severity::Error,
                "warning" => Severity::Warning,
                other => panic!("{other}"),
            };
            (line.parse().unwrap(), severity, message.to_owned())
        })
        .collect()
}

#[test]
fn every_fault_of_the_corpus_is_found_with_its_line_and_remedy() {
    let folder = repository("tests/taxonomies");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 30, "{} files", files.len());
    let known = segtrail::features::known(None);
    let options = LintOptions { known: &known, ..LintOptions::default() };
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy();
        let mut left = expected(&text);
        assert!(!left.is_empty(), "{name} expects nothing");
        for finding in lint(&text, &name, &options) {
            // All its parts in Vietnamese: a message of which one is not known has none.
            let told = in_vietnamese(&finding.message);
            assert_eq!(told.as_ref(), Some(&finding.message_vi), "{name}: {finding:?}");
            assert_ne!(finding.message, finding.message_vi, "{name}");
            let place = left.iter().position(|(line, severity, part)| {
                *line == finding.line
                    && *severity == finding.severity
                    && finding.message.contains(part)
            });
            match place {
                Some(place) => drop(left.remove(place)),
                // A text that is not TOML may be faulty in further places.
                None => assert!(name == "not_toml.toml", "{name}: {finding:?}"),
            }
        }
        assert!(left.is_empty(), "{name}: not found {left:?}");
    }
}

#[test]
fn the_command_names_file_line_and_remedy() {
    let shop = Shop::new();
    let text = std::fs::read_to_string(repository("tests/taxonomies/covered_by_one.toml")).unwrap();
    shop.write("mine.toml", text);
    let outcome = shop.command(&["label", "check", "mine.toml"]);
    assert_eq!(outcome.code, Some(3), "{}", outcome.all());
    let said = "mine.toml:19:9: error: group `gone` can never be given: whoever meets its rule \
        meets that of `best` above it; move it up, or narrow the rules above\n\
        mine.toml: 1 error, 0 warnings\n";
    assert_eq!(outcome.stdout, said);
    let outcome = shop.command(&["label", "check", "mine.toml", "--language", "vi"]);
    assert_eq!(outcome.code, Some(3), "{}", outcome.all());
    let said = "mine.toml:19:9: lỗi: nhóm `gone` không bao giờ được gán: mọi trường hợp thỏa quy tắc \
        của nhóm này đều thỏa quy tắc của `best` phía trên; hãy đưa nhóm này lên trên, hoặc thu hẹp các \
        quy tắc phía trên\nmine.toml: 1 lỗi, 0 cảnh báo\n";
    assert_eq!(outcome.stdout, said);
    // A program reads both.
    let outcome = shop.command(&["label", "check", "mine.toml", "--json"]);
    let found = &outcome.json()["findings"][0];
    assert!(found["message"].as_str().unwrap().starts_with("group `gone` can never"), "{found}");
    assert!(found["message_vi"].as_str().unwrap().starts_with("nhóm `gone` không bao"), "{found}");
}

#[test]
fn warnings_alone_are_not_a_failure() {
    let shop = Shop::new();
    let text = std::fs::read_to_string(repository("tests/taxonomies/long_name.toml")).unwrap();
    shop.write("mine.toml", text);
    let said = shop.command(&["label", "check", "mine.toml", "--tool", "zalo", "--json"]).done();
    let said = said.json();
    assert_eq!((said["errors"].as_u64(), said["warnings"].as_u64()), (Some(0), Some(2)), "{said}");
    shop.command(&["label", "check", "mine.toml", "--tool", "fax"]).fails(2, &["fax", "mailchimp"]);
    let args = ["label", "check", "mine.toml", "--tool", "zalo", "--language", "vi"];
    let said = shop.command(&args).done().stdout;
    assert!(
        said.contains(": cảnh báo: zalo: tên `Best of the best customers ever known`"),
        "{said}"
    );
    assert!(said.ends_with("\nmine.toml: 0 lỗi, 2 cảnh báo\n"), "{said}");
}

#[test]
fn a_vietnamese_run_has_the_warnings_of_the_linter_in_vietnamese() {
    let labels = "[label]\ntaxonomies = [\"mine.toml\", \"whole.toml\"]\nlanguage = \"vi\"";
    let shop = Shop::new().append(labels);
    let text = std::fs::read_to_string(repository("tests/taxonomies/sensitive_name.toml")).unwrap();
    let text = text
        .replace(
            "name = { en = \"Best\"",
            "name = { en = \"Best of the best customers ever known\"",
        )
        .replace("#8c8c8c", "#d55e00");
    shop.write("mine.toml", text);
    // That whoever spends something spends something an order cannot be proved.
    let whole = "key = 'whole'\nversion = 1\nof = 'customers'\nnames = { en = 'W', vi = 'W' }\n";
    let groups = [("a", "monetary_total > 0"), ("b", "monetary_mean > 0"), ("c", "otherwise")];
    let groups = groups.iter().zip(1..).map(|((key, rule), n)| {
        format!(
            "[[group]]\nkey = '{key}'\nname = {{ en = 'E{key}', vi = 'V{key}' }}\ncolor = '#00000{n}'\n\
             description = {{ en = 'D', vi = 'M' }}\nrule = '{rule}'\n"
        )
    });
    shop.write("whole.toml", whole.to_owned() + &groups.collect::<String>());
    let run = shop.accepts();
    let manifest = run.manifest();
    let warnings = manifest["warnings"].as_array().unwrap().iter();
    let of_taxonomies: Vec<&str> = (warnings.filter(|warning| warning["code"] == "taxonomy"))
        .map(|warning| warning["message"].as_str().unwrap())
        .collect();
    // A long name, two refused words, a colour twice; three groups without treatment, one that all
    // fall past.
    assert_eq!(of_taxonomies.len(), 8, "{of_taxonomies:#?}");
    let report = std::fs::read_to_string(run.folder.join("report.html")).unwrap();
    // What stands between backticks is code on the page.
    let shown = |text: &str| {
        let part = |(at, part): (usize, &str)| match at % 2 {
            1 => format!("<code>{part}</code>"),
            _ => part.to_owned(),
        };
        text.split('`').enumerate().map(part).collect::<String>()
    };
    for message in of_taxonomies {
        let vietnamese = in_vietnamese(message).expect(message);
        assert!(vietnamese.starts_with("Hệ phân loại `"), "{vietnamese}");
        assert!(report.contains(&shown(&vietnamese)), "{vietnamese}");
        let (_, english) = message.split_once(": ").unwrap();
        assert!(!report.contains(&shown(english)), "{english}");
    }
    assert!(report.contains(&shown("trong lần chạy này 40 khách hàng thỏa quy tắc của nhóm `b`")));
    // The linter speaks the language of the run, or the one asked for.
    let check = |more: &[&str]| {
        let args = [&["label", "check", "whole.toml", "--run", "latest"], more].concat();
        shop.command(&args).done().stdout
    };
    let said = check(&[]);
    assert!(said.contains(": cảnh báo: trong lần chạy này 40 khách hàng thỏa"), "{said}");
    assert!(said.contains(": ghi chú: trong lần chạy này nhóm `c` trống: "), "{said}");
    assert!(said.ends_with(": 0 lỗi, 4 cảnh báo\n"), "{said}");
    let said = check(&["--language", "en"]);
    assert!(
        said.contains(": warning: in this run 40 customers met") && !said.contains("nhóm"),
        "{said}"
    );
}

#[test]
fn a_taxonomy_is_tried_on_the_data_of_a_run() {
    let shop = Shop::new();
    shop.run(AS_OF).done();
    for name in ["rfm", "pyramid", "lifecycle"] {
        let said = shop.command(&["label", "check", name, "--run", "latest", "--json"]).done();
        let said = said.json();
        assert_eq!((said["errors"].as_u64(), said["warnings"].as_u64()), (Some(0), Some(0)));
        let notes = said["findings"].as_array().unwrap();
        assert!(!notes.is_empty() && notes.iter().all(|note| note["severity"] == "note"), "{said}");
    }
    shop.command(&["label", "check", "rfm", "--run", "1999-01-01-00000000"]).fails(1, &["1999"]);
}

#[test]
fn prospects_are_named_by_what_is_known_of_them() {
    let shop = Shop::new().append(
        "\n[customers]\nfiles = [\"known.csv\"]\ncustomer = \"id\"\nfirst_contact = \"since\"\n\n\
         [interactions]\nfiles = [\"calls.csv\"]\ncustomer = \"id\"\ntime = \"day\"\nkind = \"kind\"\n",
    );
    shop.write(
        "known.csv",
        "id,since\nc001,2023-01-01\nfresh,2024-06-01\nold,2024-01-01\nasked,2024-06-01\n\
         pressed,2024-06-01\n",
    );
    shop.write(
        "calls.csv",
        "id,day,kind\nasked,2024-06-20,call\npressed,2024-06-02,call\npressed,2024-06-09,call\n\
         pressed,2024-06-20,visit\nc001,2024-06-01,call\n",
    );
    shop.run(AS_OF).done();
    let run = store::load(&Store::new(&shop.models()).find("latest").unwrap()).unwrap();
    let of = |name: &str| {
        let column = run.features.prospect_columns.iter().find(|column| column.name == name);
        column.map(|column| column.values.clone())
    };
    let ids: Vec<&str> = run.features.prospects.iter().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["asked", "fresh", "old", "pressed"]);
    assert_eq!(of("known_days").unwrap(), [29.0, 29.0, 181.0, 29.0]);
    assert_eq!(of("n_interactions").unwrap(), [1.0, 0.0, 0.0, 3.0]);
    assert_eq!(of("n_visit").unwrap(), [0.0, 0.0, 0.0, 1.0]);
    assert!(run.features.column("known_days").is_none(), "of prospects alone");
    assert_eq!(run.features.column("n_interactions").unwrap().values.len(), 40);
    let taxonomy = Taxonomy::built_in("relationship").unwrap();
    let named = label_customers(&run.features, &taxonomy).unwrap().prospects.unwrap();
    let keys: Vec<&str> =
        (named.iter()).map(|group| taxonomy.groups()[usize::from(*group)].key.0.as_str()).collect();
    assert_eq!(keys, ["approached", "new", "prospect", "prospect"]);
}
