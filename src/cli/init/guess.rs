//! Names and values of columns -> which column is what.
//!
//! A name speaks first (English and Vietnamese words), the values decide between equals: a time
//! must read as one, an amount as a number.

use jiff::fmt::strtime;
use serde::Serialize;

use crate::ingest::Preview;

/// What each column seems to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Guess {
    pub customer: Option<String>,
    pub order: Option<String>,
    pub time: Option<String>,
    /// None where the times are ISO 8601, or none was found.
    pub time_format: Option<String>,
    pub amount: Option<String>,
    pub quantity: Option<String>,
    pub unit_price: Option<String>,
    /// Orders that begin with `C` stand beside plain ones.
    pub cancellations: bool,
    /// Numbers are written `1.234,5`.
    pub decimal_comma: bool,
    /// The last day seen in the sample.
    pub last_day: Option<String>,
}

const CUSTOMER: [&str; 12] = [
    "customer",
    "khachhang",
    "makh",
    "client",
    "household",
    "member",
    "user",
    "buyer",
    "account",
    "contact",
    "phone",
    "cust",
];
const ORDER: [&str; 11] = [
    "invoice",
    "order",
    "basket",
    "receipt",
    "hoadon",
    "donhang",
    "sohd",
    "transactionid",
    "bill",
    "ticket",
    "cart",
];
const TIME: [&str; 7] = ["timestamp", "datetime", "date", "time", "ngay", "thoigian", "day"];
const AMOUNT: [&str; 14] = [
    "amount",
    "salesvalue",
    "thanhtien",
    "doanhthu",
    "revenue",
    "total",
    "spend",
    "dollars",
    "sales",
    "turnover",
    "tongtien",
    "sotien",
    "value",
    "net",
];
const QUANTITY: [&str; 5] = ["quantity", "qty", "soluong", "units", "pieces"];
const PRICE: [&str; 4] = ["unitprice", "dongia", "price", "giaban"];

const FORMATS: [&str; 12] = [
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%d-%m-%Y %H:%M",
    "%d-%m-%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%Y/%m/%d",
    "%Y%m%d",
];

pub(super) fn guess(preview: &Preview) -> Guess {
    let columns: Vec<(usize, String)> =
        preview.columns.iter().map(|name| plain(name)).enumerate().collect();
    let values = |column: usize| {
        preview.rows.iter().map(move |row| row[column].trim()).filter(|value| !value.is_empty())
    };
    // The first word that a column's name holds decides; among columns, the better word.
    let find = |words: &[&str], fits: &dyn Fn(usize) -> bool, taken: &[Option<usize>]| {
        let free = |column: usize| !taken.contains(&Some(column));
        words.iter().find_map(|word| {
            columns
                .iter()
                .filter(|(column, name)| name.contains(word) && free(*column) && fits(*column))
                .min_by_key(|(column, name)| (name.len(), *column))
                .map(|(column, _)| *column)
        })
    };
    let times = |column: usize| time_format(&values(column).collect::<Vec<_>>()).is_some();
    let comma = |column: usize| values(column).next().is_some() && values(column).all(comma_number);
    let numbers = |column: usize| {
        let any = values(column).next().is_some();
        any && (values(column).all(|value| value.parse::<f64>().is_ok()) || comma(column))
    };
    let anything = |_: usize| true;

    let time = find(&TIME, &times, &[])
        .or_else(|| (0..columns.len()).find(|&column| times(column) && !numbers(column)));
    let customer = find(&CUSTOMER, &anything, &[time]);
    let order = find(&ORDER, &anything, &[time, customer]);
    let taken = [time, customer, order];
    let quantity = find(&QUANTITY, &numbers, &taken);
    let price = find(&PRICE, &numbers, &taken);
    let amount = find(&AMOUNT, &numbers, &[time, customer, order, quantity, price]);
    let name = |column: Option<usize>| column.map(|column| preview.columns[column].clone());

    let format = time.and_then(|column| time_format(&values(column).collect::<Vec<_>>()));
    let last_day = time.zip(format.clone()).and_then(|(column, format)| {
        values(column).filter_map(|value| day(value, format.as_deref())).max()
    });
    let cancelled = |value: &str| {
        value.strip_prefix('C').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    };
    Guess {
        cancellations: order.is_some_and(|column| {
            values(column).any(cancelled)
                && values(column).any(|value| value.parse::<u64>().is_ok())
        }),
        decimal_comma: [amount, price].into_iter().flatten().any(|column| {
            comma(column) && !values(column).all(|value| value.parse::<f64>().is_ok())
        }),
        customer: name(customer),
        order: name(order),
        time: name(time),
        time_format: format.flatten(),
        quantity: name(quantity),
        unit_price: name(price),
        amount: name(amount),
        last_day: last_day.map(|day| day.to_string()),
    }
}

/// Letters and digits of a name, lowercase, Vietnamese letters without their marks.
fn plain(name: &str) -> String {
    const FOLDED: [(&str, char); 7] = [
        ("àáảãạăằắẳẵặâầấẩẫậ", 'a'),
        ("èéẻẽẹêềếểễệ", 'e'),
        ("ìíỉĩị", 'i'),
        ("òóỏõọôồốổỗộơờớởỡợ", 'o'),
        ("ùúủũụưừứửữự", 'u'),
        ("ỳýỷỹỵ", 'y'),
        ("đ", 'd'),
    ];
    name.chars()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .map(|c| FOLDED.iter().find(|(marked, _)| marked.contains(c)).map_or(c, |(_, base)| *base))
        .collect()
}

/// A whole part, dots between thousands or none, and at most one decimal comma.
fn comma_number(value: &str) -> bool {
    let value = value.strip_prefix('-').unwrap_or(value);
    let (whole, decimals) = value.split_once(',').unwrap_or((value, "0"));
    let groups: Vec<&str> = whole.split('.').collect();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    groups.iter().all(|group| digits(group))
        && (groups.len() == 1 || groups[1..].iter().all(|group| group.len() == 3))
        && digits(decimals)
}

/// `Some(None)` where all values are ISO 8601, `Some(Some(format))` where all read by a format.
fn time_format(values: &[&str]) -> Option<Option<String>> {
    if values.is_empty() {
        return None;
    }
    if values.iter().all(|value| day(value, None).is_some()) {
        return Some(None);
    }
    FORMATS
        .into_iter()
        .find(|format| values.iter().all(|value| day(value, Some(format)).is_some()))
        .map(|format| Some(format.to_owned()))
}

fn day(value: &str, format: Option<&str>) -> Option<jiff::civil::Date> {
    let date = match format {
        None => value.get(..10)?.parse().ok().filter(|_| {
            value.len() == 10
                || value.parse::<jiff::civil::DateTime>().is_ok()
                || value.parse::<jiff::Timestamp>().is_ok()
        }),
        Some(format) => strtime::parse(format, value).ok()?.to_date().ok(),
    }?;
    (1900..2200).contains(&date.year()).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(columns: &[&str], rows: &[&[&str]]) -> Guess {
        guess(&Preview {
            columns: columns.iter().map(|name| (*name).into()).collect(),
            rows: rows.iter().map(|row| row.iter().map(|v| (*v).into()).collect()).collect(),
            total_rows: rows.len() as u64,
            duplicates: 0,
        })
    }

    #[test]
    fn online_retail() {
        let found = look(
            &["Invoice", "StockCode", "Quantity", "InvoiceDate", "Price", "Customer ID"],
            &[
                &["489434", "85048", "12", "2009-12-01 07:45:00", "6.95", "13085.0"],
                &["C489449", "22087", "-12", "2009-12-02 10:33:00", "2.95", "16321.0"],
            ],
        );
        assert_eq!(found.customer.as_deref(), Some("Customer ID"));
        assert_eq!(found.order.as_deref(), Some("Invoice"));
        assert_eq!(found.time.as_deref(), Some("InvoiceDate"));
        assert_eq!((found.amount, found.time_format), (None, None));
        assert_eq!(found.quantity.as_deref(), Some("Quantity"));
        assert_eq!(found.unit_price.as_deref(), Some("Price"));
        assert!(found.cancellations && !found.decimal_comma);
        assert_eq!(found.last_day.as_deref(), Some("2009-12-02"));
    }

    #[test]
    fn a_vietnamese_export() {
        let found = look(
            &["Ngày", "Số HĐ", "Mã KH", "Thành tiền"],
            &[
                &["31/12/2017", "HD1", "KH007", "1.250.000,5"],
                &["01/12/2017", "HD2", "KH1", "90.000"],
            ],
        );
        assert_eq!(found.customer.as_deref(), Some("Mã KH"));
        assert_eq!(found.order.as_deref(), Some("Số HĐ"));
        assert_eq!(found.time.as_deref(), Some("Ngày"));
        assert_eq!(found.time_format.as_deref(), Some("%d/%m/%Y"));
        assert_eq!(found.amount.as_deref(), Some("Thành tiền"));
        assert!(found.decimal_comma);
    }

    #[test]
    fn nothing_to_go_by() {
        assert_eq!(look(&["a", "b"], &[&["x", "y"]]), Guess::default());
        assert_eq!(look(&["date"], &[]), Guess::default());
    }
}
