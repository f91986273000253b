#!/usr/bin/env python3
"""Makes products.csv, products.xlsx and stock_receipt.csv from shop.toml.

Python 3.11 or newer, nothing but its standard library. The same source gives the same bytes: no clock and no
randomness; a part of a number that looks random (a barcode, a margin) follows from the place in the source.

    python3 demo/make_demo_data.py           writes the files
    python3 demo/make_demo_data.py --check   exits 1 where a file differs from what the source gives
"""

import csv
import io
import re
import sys
import tomllib
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent

# Field name, header in the files, number format in the spreadsheet.
COLUMNS = [
    ("code", "Kod", "text"),
    ("barcode", "Shtrix-kod", "text"),
    ("mxik", "MXIK", "text"),
    ("name_uz", "Nomi (oʻzbekcha)", "text"),
    ("name_ru", "Nomi (ruscha)", "text"),
    ("name_en", "Nomi (inglizcha)", "text"),
    ("category_uz", "Turkum (oʻzbekcha)", "text"),
    ("category_ru", "Turkum (ruscha)", "text"),
    ("category_en", "Turkum (inglizcha)", "text"),
    ("brand", "Brend", "text"),
    ("unit", "Oʻlchov birligi", "text"),
    ("purchase_price", "Xarid narxi", "number"),
    ("sale_price", "Sotuv narxi", "number"),
    ("old_price", "Eski narx", "number"),
    ("vat_rate", "QQS stavkasi", "number"),
    ("minimum_quantity", "Minimal qoldiq", "number"),
    ("about_uz", "Qisqa tavsif (oʻzbekcha)", "text"),
    ("about_ru", "Qisqa tavsif (ruscha)", "text"),
]
RECEIPT_COLUMNS = [("code", "Kod"), ("stock", "Miqdor"), ("purchase_price", "Tannarx")]

# What is earned on a sale, in percent of the sale price, by the place of the product in its category.
MARGINS_PERCENT = [12, 15, 14, 18, 13, 16]
VAT_PERCENT = 12
PRODUCTS_EXPECTED = 200
CATEGORIES_EXPECTED = 12


def with_check_digit(twelve_digits):
    """An EAN-13 number from its first twelve digits."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve_digits))
    return twelve_digits + str((10 - total % 10) % 10)


def categories_and_products(source):
    """Every product of the source as a dictionary, in the order of the source, with its file's name."""
    products = []
    for category_number, category in enumerate(source["category"], start=1):
        columns = [column.strip() for column in category["columns"].split("|")]
        columns += ["sale_price", "old_price", "stock", "minimum_quantity"]
        for row_number, line in enumerate(category["products"].strip().splitlines(), start=1):
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) != len(columns):
                sys.exit(f"{category['key']}, line {row_number}: {len(cells)} cells, {len(columns)} columns")
            row = dict(zip(columns, cells, strict=True))
            products.append(product(source["words"], category, category_number, row_number, row))
    return products


def product(words, category, category_number, row_number, row):
    """One product with all fields of COLUMNS."""

    def said(template, language):
        translated = {name: words.get(cell, {}).get(language, cell) for name, cell in row.items()}
        return template.format(**translated)

    sale_price = int(row["sale_price"])
    margin = MARGINS_PERCENT[row_number % len(MARGINS_PERCENT)]
    return {
        "file": category["file"],
        "code": f"{category['key']}-{row['code']}",
        # 200–299 is the range that shops number by themselves: no maker's barcode is claimed.
        "barcode": with_check_digit(f"2{category_number:02}{row_number:09}"),
        # The form of an MXIK code only: "0", a heading of the customs nomenclature, then our own numbers.
        "mxik": f"0{category['customs']}{category_number:03}{1:03}{row_number:06}",
        "name_uz": said(category["name_uz"], "uz"),
        "name_ru": said(category["name_ru"], "ru"),
        "name_en": said(category["name_en"], "en"),
        "category_uz": category["uz"],
        "category_ru": category["ru"],
        "category_en": category["en"],
        "brand": row["brand"],
        "unit": "dona",
        "purchase_price": sale_price * (100 - margin) // 100 // 1000 * 1000,
        "sale_price": sale_price,
        "old_price": "" if row["old_price"] == "-" else int(row["old_price"]),
        "vat_rate": VAT_PERCENT,
        "minimum_quantity": int(row["minimum_quantity"]),
        "about_uz": said(category["about_uz"], "uz"),
        "about_ru": said(category["about_ru"], "ru"),
        "stock": int(row["stock"]),
    }


def complain_about(products):
    """Stops at the first thing that would make a poor demo."""
    leaves = {product["category_uz"] for product in products}
    if (len(products), len(leaves)) != (PRODUCTS_EXPECTED, CATEGORIES_EXPECTED):
        sys.exit(f"{len(products)} products in {len(leaves)} categories")
    for field in ("code", "barcode", "mxik", "name_uz", "name_ru", "name_en"):
        seen = set()
        for product in products:
            if product[field] in seen:
                sys.exit(f"{field} twice: {product[field]}")
            seen.add(product[field])
    for product in products:
        if not re.fullmatch(r"2\d{12}", product["barcode"]) or not re.fullmatch(r"\d{17}", product["mxik"]):
            sys.exit(f"{product['code']}: barcode {product['barcode']}, MXIK {product['mxik']}")
        if product["old_price"] and product["old_price"] <= product["sale_price"]:
            sys.exit(f"{product['code']}: the old price is not above the price")
        if re.search(r"[oOgG]['`’‘]", product["name_uz"] + product["about_uz"]):
            sys.exit(f"{product['code']}: oʻ and gʻ are written with U+02BB")


def as_csv(columns, rows):
    """A CSV file as bytes: UTF-8, commas, quotes where needed, lines ended by a line feed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column[1] for column in columns])
    writer.writerows([row[column[0]] for column in columns] for row in rows)
    return text.getvalue().encode()


def column_letter(number):
    """The name of a spreadsheet's column, 0 is A."""
    letters = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def as_xlsx(rows):
    """A workbook of one sheet as bytes: bold header that stays in sight, codes as text, prices as numbers."""
    strings = {}
    lines = []
    table = [{column[0]: column[1] for column in COLUMNS}, *rows]
    for line_number, row in enumerate(table, start=1):
        cells = []
        for column_number, (field, _, kind) in enumerate(COLUMNS):
            value = row[field]
            place = f"{column_letter(column_number)}{line_number}"
            if value == "":
                continue
            if line_number > 1 and kind == "number":
                cells.append(f'<c r="{place}" s="2"><v>{value}</v></c>')
            else:
                index = strings.setdefault(str(value), len(strings))
                style = 1 if line_number == 1 else 3
                cells.append(f'<c r="{place}" s="{style}" t="s"><v>{index}</v></c>')
        lines.append(f'<row r="{line_number}">{"".join(cells)}</row>')
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{width_of(field)}" customWidth="1"/>'
        for number, (field, _, _) in enumerate(COLUMNS, start=1)
    )
    last = f"{column_letter(len(COLUMNS) - 1)}{len(table)}"
    sheet = (
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1:{last}"/><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols>{widths}</cols><sheetData>{"".join(lines)}</sheetData><autoFilter ref="A1:{last}"/></worksheet>'
    )
    shared = f'<sst xmlns="{MAIN}" uniqueCount="{len(strings)}">'
    shared += "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings) + "</sst>"
    parts = {**FIXED_PARTS, "xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": shared}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + part)
    return archive.getvalue()


def width_of(field):
    """A comfortable width of a column, in characters."""
    if field.startswith(("name_", "category_", "about_")):
        return 48
    return 18


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FIXED_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KINDS}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{KINDS}.styles+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KINDS}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    '<sheets><sheet name="Mahsulotlar" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    # Styles of a cell: 0 plain, 1 header, 2 number with groups of thousands, 3 text.
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


def main():
    with open(HERE / "shop.toml", "rb") as source:
        products = categories_and_products(tomllib.load(source))
    complain_about(products)
    in_csv = [product for product in products if product["file"] == "csv"]
    in_xlsx = [product for product in products if product["file"] == "xlsx"]
    received = [product for product in products if product["stock"] > 0]
    files = {
        "products.csv": as_csv(COLUMNS, in_csv),
        "products.xlsx": as_xlsx(in_xlsx),
        "stock_receipt.csv": as_csv(RECEIPT_COLUMNS, received),
    }
    stale = [name for name, made in files.items() if not is_same(HERE / name, made)]
    if "--check" in sys.argv[1:]:
        if stale:
            sys.exit(f"not made from shop.toml as it is now: {', '.join(stale)}")
        return
    for name in stale:
        (HERE / name).write_bytes(files[name])
    print(f"products.csv {len(in_csv)}, products.xlsx {len(in_xlsx)}, stock_receipt.csv {len(received)} rows")


def is_same(path, made):
    return path.exists() and path.read_bytes() == made


if __name__ == "__main__":
    main()
