//! `segtrail init DATA`: looks at a file and writes a commented configuration with its best
//! guess of the columns.

mod guess;

use std::path::Path;

use serde_json::json;

use self::guess::{Guess, guess};
use super::args::{Common, InitArgs};
use super::output::{Output, count};
use super::{Failure, Outcome};
use crate::export::write_file;
use crate::ingest::{self, Preview};

/// Rows that are looked at.
const SAMPLE: usize = 1_000;

pub(super) fn run(args: &InitArgs, _: &Common, output: &Output) -> Outcome {
    if args.output.exists() {
        return Err(Failure::Usage(format!(
            "{} is there already. Give another file with -o; segtrail does not overwrite it",
            args.output.display()
        )));
    }
    let preview = ingest::preview(&args.data, SAMPLE)?;
    let mut guess = guess(&preview);
    if preview.total_rows > preview.rows.len() as u64 {
        // The sample is the beginning of the file: its last day says nothing of the end.
        guess.last_day = None;
    }
    let text = configuration(&args.data, &args.output, &preview, &guess);
    write_file(&args.output, |file| file.write_all(text.as_bytes()))?;
    if output.json {
        return output.document(&json!({
            "config": args.output,
            "rows": preview.total_rows,
            "duplicates": preview.duplicates,
            "columns": preview.columns,
            "guess": guess,
        }));
    }
    output.say(&format!(
        "{}: {} rows, {} columns, {} exact duplicates. Configuration written to {}: check the \
         lines marked `guess`, then\n  segtrail run {} --as-of {}",
        args.data.display(),
        count(preview.total_rows),
        preview.columns.len(),
        count(preview.duplicates),
        args.output.display(),
        args.output.display(),
        guess.last_day.as_deref().unwrap_or("YYYY-MM-DD"),
    ));
    Ok(())
}

/// A path whose characters a glob would read as wildcards stand for themselves.
fn escaped(path: &str) -> String {
    path.chars()
        .map(|c| if matches!(c, '*' | '?' | '[' | ']') { format!("[{c}]") } else { c.to_string() })
        .collect()
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The data file as the configuration names it: relative to its folder where it can be.
fn relative(data: &Path, config: &Path) -> String {
    let full = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (data, config) = (full(data), full(config));
    let folder = config.parent().unwrap_or(Path::new(""));
    let path = data.strip_prefix(folder).unwrap_or(&data);
    path.to_string_lossy().replace('\\', "/")
}

fn configuration(data: &Path, config: &Path, preview: &Preview, guess: &Guess) -> String {
    let columns: Vec<String> = preview.columns.iter().map(|name| format!("`{name}`")).collect();
    let stem = data.file_name().unwrap_or_default().to_string_lossy();
    let stem = stem.split('.').next().unwrap_or_default();
    let name: String = stem
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' })
        .collect();
    let name = name.trim_matches(['-', '_']);
    let column = |key: &str, found: &Option<String>, meaning: &str| match found {
        Some(found) => format!("{key} = {}    # guess: {meaning}\n", quoted(found)),
        None => format!("# {key} = \"…\"    # {meaning}\n"),
    };
    let required = |key: &str, found: &Option<String>, meaning: &str| match found {
        Some(_) => column(key, found, meaning),
        None => format!("{key} = \"\"    # FILL IN: {meaning}; no column looks like it\n"),
    };
    let mut transactions = format!(
        "files = [{}]    # paths or globs relative to this file\n",
        quoted(&escaped(&relative(data, config)))
    );
    transactions += &required("customer", &guess.customer, "id of the customer");
    transactions += &column(
        "order",
        &guess.order,
        "id of the order; without it, rows with the same time are one order",
    );
    transactions += &required("time", &guess.time, "date or timestamp");
    transactions += &column(
        "time_format",
        &guess.time_format,
        "strptime format; without it ISO 8601, such as 2017-12-31 or 2017-12-31 18:30:00",
    );
    transactions += "# timezone = \"UTC\"    # zone of timestamps without one, where it is not the business's\n";
    if guess.amount.is_some() || guess.quantity.is_none() || guess.unit_price.is_none() {
        transactions += &required("amount", &guess.amount, "amount of the row");
        transactions +=
            "# quantity = \"…\"    # with unit_price, instead of amount\n# unit_price = \"…\"\n";
    } else {
        transactions += &column("quantity", &guess.quantity, "how many");
        transactions += &column("unit_price", &guess.unit_price, "price of one");
        transactions += "# amount = \"…\"    # instead of quantity and unit_price\n";
    }
    let duplicates = if preview.duplicates > 0 { "drop" } else { "keep" };
    let cancellation = match (&guess.order, guess.cancellations) {
        (Some(order), true) => {
            format!("cancellation = {{ column = {}, matches = \"^C\" }}    # guess: orders such as C489449\n", quoted(order))
        }
        _ => "# cancellation = { column = \"…\", matches = \"^C\" }    # rows that are cancellations whatever their sign\n".into(),
    };
    let decimal = match guess.decimal_comma {
        true => "decimal = \",\"    # guess\nthousands = \".\"\n",
        false => {
            "# decimal = \".\"\n# thousands = \",\"    # removed before a number is read; none by default\n"
        }
    };
    format!(
        include_str!("init/template.toml"),
        file = data.file_name().unwrap_or_default().to_string_lossy(),
        rows = preview.total_rows,
        columns = columns.join(", "),
        name = if name.is_empty() { "series" } else { name },
        transactions = transactions,
        decimal = decimal,
        duplicates = duplicates,
        found = preview.duplicates,
        cancellation = cancellation,
    )
}
