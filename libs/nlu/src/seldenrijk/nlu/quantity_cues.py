"""Phrases around amounts: prices, bids, asking prices, distances; matched on the folded text."""

import re

from seldenrijk.nlu.text import word_set

SKIP = word_set(
    "de het een n zo n € : ( euro max of van dan is ligt op in mijn ons onze jullie bouwjaar bj "
    "jaar km stand kms prijs budget "
    "liefst wel graag ook nog mag moet zijn tot zeg maar dus met uit kilometerstand tellerstand "
    "teller kilometers kilometer "
    "hebben iets a voor eerste ronde bedrag kosten komen dit jaren bwj baujahr year price mileage "
    "ca about und mit"
)
AGED = word_set("oud oude jong old alt")
PRICE_TALK = re.compile(
    r"\b(?:budget|prijs\w*|euro|€|mille|duizend|besteden|uitgeven|betalen|kosten|price|spend|"
    r"ausgeben|preis|k|bieden|bod|duur|goedkoop|geld|plafond|bedrag)\b|€|\d ?k\b"
)
BID = re.compile(
    r"\b(?:bied(?:en)?|bod|bodje|accepteren|accepteert|bespreekbaar|neem ik|meenemen|weg voor|mee voor|"
    r"kom ik (?:hem|m|'m) halen|deal|akkoord|would you (?:take|accept|do)|i offer|offer you|"
    r"my offer|biete|wurden sie|tik ik af|(?:doe|doet|doen) (?:je|jullie|u) (?:het|hem|m|'m|die|"
    r"de)?|handje|cash|kan (?:ie|hij|die) weg|mag (?:ie|hij) weg|take)\b"
)
GOT_BID = re.compile(
    r"\b(?:bod gekregen|bood|boden|geboden|biedt mij|kreeg (?:een )?bod|bod van|"
    r"heeft .{0,12}geboden|offered me)\b"
)
ASKING_CLAUSE = re.compile(
    r"\b(?:zag|zie|gezien|saw|seen)\b(?:[^.!?]|\.\d){0,50}\b(?:van|voor|for)(?: €)? ?$|(?:^|"
    r"[.!?,] ?|\b(?:en|want|hoi|hallo) )is (?:de |het )?(?:prijs )?(?:van )?(?:€ ?)?$|"
    r"\b(?:staa[tn]|stond|stonden|steht|listed|online|te koop)\b(?:[^.!?]|\.\d){0,60}\b(?:op|voor|"
    r"for|at|fur)(?: €)? ?$"
    r"|\b(?:kost|kosten|kostet|costs?|vraagt|vragen|vraagprijs|asking(?: price)?|"
    r"geprijsd)(?: [a-z']+){0,3}(?: €)? ?$"
)
ASKING_AFTER = re.compile(
    r"^ ?(?:euro |,- |€ )?(?:de|het|een|jullie|the|der) (?:\w*prijs|final price|price|preis)\b"
)
DEFINITE = re.compile(
    r"\b(?:die|dat|deze|dit|de|the|that|this|der|das|den)\b[^.!?]{0,40}\b(?:van|voor|of|for|fur|a|"
    r"op|at)(?: €)? ?$"
)
OFFERED = re.compile(
    r"\b(?:wat|wa|iets|welke|nog|zoal|en)\b[^.!?]{0,40}\bstaan (?:voor|tot|onder)(?: €)? ?$|"
    r"\bheb\w*\b[^.!?]{0,60}\b(?:staan|rijden|liggen) (?:voor|tot|onder)(?: €)? ?$"
)
FOR_A_CAR = re.compile(
    r"^ ?(?:euro |,- |€ )?(?:voor|fur|for) (?:een|zo'n|die|deze|dat|'n|n|so|such|this|that|a|ein\w*)\b"
)
FLIPPED = {"min": "max", "older": "newer", "newer": "older"}
UNWANTED = re.compile(
    r"^(?: km| euro|,-)?(?: [a-z]+){0,2}? (?:(?:wil|kan|ga|mag|geef|hoef) (?:ik|we|wij|het|"
    r"hij) (?:er )?(?:echt |liever )?niet|mag niet|liever niet|hoeft niet|wil ik niet)\b"
)
DRIVES = re.compile(
    r"\b(?:rij|rijd|rijden|rijdt|maak|maken|fahre|drive|doe|rijdt|reis|afstand|onderweg)\b[^.!?]{0,25}$"
)
TOWING = re.compile(
    r"^[^.!?]{0,25}\b(?:trekken|trekgewicht|trek(?:ken)?|slepen|aanhanger|caravan|laadvermogen|"
    r"tow)\b|^ ?(?:kilo|kg)"
)
DISCOUNT = re.compile(r"\b(?:korting|eraf|er af|d'r af|afdingen|zakken|afprijzen|discount|rabatt)\b")
TAKEN_OFF = re.compile(
    r"\ber (?:nog |wel |ook )?(?:€ ?)?#(?: euro)? (?:van ?)?af\b"
    r"|\bvan (?:die|de|dat)(?: €)? ?#[^.!?]{0,20}\baf\b"
)
