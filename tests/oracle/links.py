#!/usr/bin/env python3
"""An independent answer to which rows of 医療情報ネット are which 医療機関コード, beside that of keniki.

    keniki register tests/real/yamanashi.toml --out out/register
    python3 tests/oracle/links.py ../shared/data/yamanashi out/register

Nothing of keniki is used but its table of links: names are compared by difflib (longest matching blocks),
addresses by their municipality and the list of their numbers, and records are assigned one to one, the
likest pair first. Printed to be read by a person: every disagreement, the agreements whose names are least
alike, and the rows that neither links.
"""

import csv
import difflib
import io
import re
import sys
import unicodedata
import zipfile
from pathlib import Path

LEGAL = re.compile(
    r"^(特定|社会)?医療法人(社団|財団)?|^(一般|公益)?(社団|財団)法人|^社会福祉法人|^(地方)?独立行政法人|^国立大学法人|^\((医|福)\)"
)
LEAST_ALIKE = 20
KANJI = dict(zip("一二三四五六七八九", "123456789"))


def plain(text):
    return re.sub(r"[\s・.\-()]", "", unicodedata.normalize("NFKC", text))


def names(text):
    """The name, and the parts of it that may be the name without the legal person."""
    parts = unicodedata.normalize("NFKC", text).split()
    ways = {plain(text)} | {plain("".join(parts[at:])) for at in range(1, len(parts))}
    bare = LEGAL.sub("", plain(text))
    ways |= {bare} | {bare[at.end() :] for at in re.finditer("会", bare)}
    return {way for way in ways if len(way) > 2}


def likeness(one, other):
    return max(difflib.SequenceMatcher(None, a, b, autojunk=False).ratio() for a in names(one) for b in names(other))


def municipality(address):
    address = re.sub(r"^山梨県", "", unicodedata.normalize("NFKC", address))
    address = re.sub(r"^[^市町村]{1,4}郡", "", address)
    return re.match(r"(山梨市|富士吉田市|.+?[市町村])", address).group(1)


def numbers(address):
    text = unicodedata.normalize("NFKC", address)
    text = re.sub(r"([一二三四五六七八九])(?=丁目)", lambda found: KANJI[found.group(1)], text)
    text = re.split(r"[^\d\-‐−ー丁目番地号の]", re.sub(r"^\D*", "", text))[0]
    return tuple(re.findall(r"\d+", text)[:3])


def read_csv(file, encoding="utf-8-sig"):
    return list(csv.reader(io.TextIOWrapper(file, encoding)))


def listed(data):
    rows = []
    with zipfile.ZipFile(data / "facilities/01-1_hospital_facility_info_20250601.zip") as packed:
        with packed.open(packed.namelist()[0]) as file:
            rows += read_csv(file)[1:]
    with open(data / "facilities/02-1_clinic_facility_info_19.csv", "rb") as file:
        rows += read_csv(file)[1:]
    return {f"iryo:{row[0]}": (row[1], row[9]) for row in rows if row[7] == "19"}


def coded(data):
    with open(data / "facilities/202508_med_inst_cd_19.csv", "rb") as file:
        return {f"191{row[1]}": (row[2], row[4]) for row in read_csv(file)}


def assigned(rows, records):
    """One to one, the likest first: by name, and a little by the numbers of the address."""
    pairs = []
    for key, (name, address) in rows.items():
        for code, (known, place) in records.items():
            if municipality(address) != municipality(place):
                continue
            like = likeness(name, known)
            same = numbers(address) == numbers(place)
            if like >= 0.9 or (like >= 0.5 and same):
                pairs.append((like + 0.3 * same, key, code))
    answer, taken = {}, set()
    for _, key, code in sorted(pairs, reverse=True):
        if key not in answer and code not in taken:
            answer[key] = code
            taken.add(code)
    return answer


def of_keniki(folder):
    with open(folder / "名寄せの結び付き.csv", "rb") as file:
        head, *rows = read_csv(file)
    one, other = head.index("記録A"), head.index("記録B")
    return {row[other]: row[one] for row in rows if row[other].startswith("iryo:") and row[one][2:3] == "1"}


def told(who, key, row, code, record):
    print(f"    {who}: {key} {' '.join(row)} = {code} {' '.join(record)}")


def main(data, folder):
    rows, records = listed(data), coded(data)
    ours, theirs = of_keniki(folder), assigned(rows, records)
    ours = {key: code for key, code in ours.items() if key in rows}
    both = {key: code for key, code in ours.items() if theirs.get(key) == code}
    print(f"rows {len(rows)}, records {len(records)}")
    print(f"links of keniki {len(ours)}, of difflib {len(theirs)}, the same {len(both)}")
    print(f"precision {len(both) / len(ours):.4f}, recall {len(both) / len(theirs):.4f}, before anything is read")
    print("disagreements:")
    for who, one, other in (("keniki alone", ours, theirs), ("difflib alone", theirs, ours)):
        for key, code in one.items():
            if other.get(key) != code:
                told(who, key, rows[key], code, records[code])
    # Where both may be wrong in the same way: what they agree on with the least reason, and what neither links.
    print("agreed, the least alike names:")
    alike = {key: likeness(rows[key][0], records[code][0]) for key, code in both.items()}
    for key in sorted(both, key=lambda key: (alike[key], key))[:LEAST_ALIKE]:
        told(f"{alike[key]:.2f}", key, rows[key], both[key], records[both[key]])
    print("linked by neither, beside the likest record of the municipality that is free:")
    free = set(records) - set(ours.values()) - set(theirs.values())
    for key, (name, address) in rows.items():
        if key in ours or key in theirs:
            continue
        near = [code for code in free if municipality(records[code][1]) == municipality(address)]
        likest = max(near, key=lambda code: (likeness(name, records[code][0]), code), default=None)
        told("neither", key, rows[key], likest, records.get(likest, ()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
