"""Makes a list of certified hosts of so many rows and twelve columns, the same for
the same number: every tenth row is a second certificate of the actor above it.

make_list.py ROWS FILE.csv"""

import random
import sys

count, out = int(sys.argv[1]), sys.argv[2]
random.seed(1)
WORDS = ["Cloud", "Santé", "Hébergement", "Infogérance", "Données", "Réseaux", "Archivage"]
FORMS = ["", " SAS", " SARL"]


def name(i):
    i -= i % 10 // 9
    syllables, k = "", i
    while k > 0:
        syllables += "bcdfghjklmnpqrstvwxz"[k % 20] + "aeiou"[k % 5]
        k //= 20
    return syllables.capitalize() + " " + WORDS[i % 7] + FORMS[i % 3]


with open(out, "w", encoding="utf-8") as f:
    f.write(
        "Hébergeur;Type de certificat;Sites physiques;Infrastructure matérielle;Infrastructure virtuelle;"
        "Plateforme;Administration et exploitation;Sauvegarde;Organisme certificateur;N° de certificat;"
        "Date de délivrance;Date de fin\n"
    )
    for i in range(count):
        ticks = ";".join("Oui" if random.random() < 0.6 else "Non" for _ in range(6))
        day = f"{1 + i % 28:02d}/{1 + i % 12:02d}"
        f.write(f"{name(i)};Hébergeur d'infrastructure physique et hébergeur infogéreur;{ticks};LNE;C-{i};{day}/2018;{day}/2021\n")
