"""Phrases of appointments: kinds, moves, cancellations, what is past; matched on the folded text."""

import re

KINDS = {
    "proefrit": re.compile(
        r"\b(?:proef ?rit\w*|proefit\w*|profrit\w*|test ?rit\w*|proef ?rijden|proefgereden|"
        r"proef te rijden|proefrijd\w*|test ?driv\w+|test ?drive\w*|probe ?fahrt\w*|"
        r"probe ?(?:zu )?fahren|probefahren|(?:stukje|rondje|blokje|eindje) (?:\w+ )?rijden|"
        r"(?:uit ?)?te (?:proberen|testen)|proberen te rijden|uitproberen|rondje maken|"
        r"(?:gelijk|meteen|direct|even|eens|zelf|keer) (?:mee |proef )?rijden (?:in|met)|proefje|testje)\b"
    ),
    "terugbellen": re.compile(
        r"\b(?:bel(?:len|t|le)?(?: \w+)? (?:me|mij|ons)\b|(?:me|mij|ons|mn man|mijn man|"
        r"mijn vrouw)\b(?: \S+){0,9}? (?:(?:terug|op)?(?:te )?bellen|op ?te bellen|terug te bellen|"
        r"bel(?:t|len)\b)|terug ?(?:te )?bel\w*|terug ?gebeld|bel\w* (?:\S+ ){0,4}terug\b|terugbel\w*|"
        r"belafspraak|bel ?afspraak|gebeld worden|gebeld (?:kan|wil)|word(?:en)? gebeld|"
        r"(?:tele)?foontje|call me|give me a (?:call|ring)|phone me|ring me|call (?:me )?back|"
        r"rufen sie mich|ruf mich|ruft mich|anrufen|zuruckrufen|ruckruf|belletje|bel ff terug)\b"
    ),
    "bezichtiging": re.compile(
        r"\b(?:lang[sz]? ?(?:te )?kom\w*|langskom\w*|kom\w*\b(?: \S+){0,6}? langs|"
        r"langs\b(?: \S+){0,3}? (?:komen|gaan|rijden|kom)|langs ?(?:gaan|rijden)|(?:kom|komen|komt|"
        r"kwam)\b(?: \S+){0,6}? (?:be)?kijken|komen (?:be)?kijken|bezichtig\w*|bezichting\w*|"
        r"bezoek\w*|afspraak (?:\S+ ){0,6}(?:(?:be)?kijken|zien)|(?:wil|willen|kan|kunnen|mag|mogen|graag|"
        r"zou)\b(?: \S+){0,10}? (?:te )?(?:komen )?(?:be)?kijken|"
        r"(?:be)?kijken\b(?: \S+){0,4} (?:kom|komen)|kom\w*\b(?: \S+){0,5} (?:zien|bezien)|"
        r"view(?:ing)?|come (?:by|over|round|and (?:see|look|have|view)|see|look|have a look|in)|"
        r"have a look|vorbei ?(?:zu ?)?komm\w*|vorbei ?schau\w*|anschauen|anzuschauen|ansehen|"
        r"anzusehen|besichtig\w+|drop by|swing by|stop by|visit|check it out|langs ?wip\w*|"
        r"binnen ?wip\w*|langs ?rij\w*|even langs|effe langs|ff langs|aanwippen|voorbij ?kom\w*|"
        r"passeren|kom\b(?: \S+){0,3} af)\b"
    ),
}
NO_VISIT = re.compile(
    r"nog te bekijken|foto|video|online|website|te bekijken (?:op|bij)|site|filmpje|marktplaats|"
    r"zonder afspraak|vrijblijvend binnenlopen"
)
WORK_ASKED = re.compile(
    r"\b(?:zet me|zet mij|kunnen mijn|afspraak|inplannen|gaatje|plek|plekje|brengen|langsbrengen|"
    r"terecht|plannen|appointment|"
    r"book|termin|ruimte|tijd voor|schikt|kan (?:het|ik|dat|de|hij|ie)|inboeken|boeken|slot|"
    r"laten)\b"
)
ABOUT_TIME = re.compile(
    r"\b(?:afspra\w*|terecht|kan (?:het|ik|dat|ook|u|jij|wij|we|niet)|kunnen (?:we|wij)|schikt|"
    r"past|uitkomt|komt uit|verzet\w*|verplaats\w*|verschui\w*|afzeg\w*|annul\w*|cancel\w*|ophalen|"
    r"opgehaald|halen|brengen|inplan\w*|plan\w*|kom|komen|appointment|reschedul\w*|termin|lukt|"
    r"zet me|bel\w*|prima|graag|liever|dan|meenemen|bij jullie|reserve\w*|see you|tot)\b"
)
SHOWROOM = re.compile(
    r"\b(?:open|dicht|geopend|gesloten|openingstijd\w*|koopavond|bereikbaar|opening hours|geoffnet|"
    r"offnungszeiten|sluit\w*|hoe laat (?:gaan|zijn|sluit))\b"
)
CANCELS = re.compile(
    r"\b(?:afzeggen|annule\w*|cancel\w*|afmelden|kan niet doorgaan|gaat niet door|niet doorgaan|"
    r"niet door|verhinderd|absagen|stornier\w*|afgezegd|laten schieten|"
    r"zeg\b.{0,40}\baf|laat\b.{0,30}\bvervallen|"
    r"vervalt)\b"
)
MOVES = re.compile(
    r"\b(?:verzet\w*|verplaats\w*|verschui\w*|verzetten|omzetten|naar|reschedul\w*|move|"
    r"verschieben|verleg\w*|omgooien|ander moment|wijzig\w*|veranderen)\b"
)
REFUSED_BEFORE = re.compile(
    r"(?:\b(?:ipv|in plaats van|niet|geen|i\.p\.v\.|instead of|statt|van|not|from|vom|gisteren|"
    r"afgelopen|vorige|laatst|sinds|al|was|stond|waren)(?: (?:op|om|de|het|aan))?) ?$"
)
REFUSED_AFTER = re.compile(
    r"^[ ,]*(?:(?:om \d+ ?(?:uur|u)? )?(?:lukt|gaat|kan|komt|past|red|haal)(?: (?:me|mij|ik|het|er|"
    r"ons|we|helaas|toch|toch niet))* (?:niet|nie)\b|niet\b|(?:red|haal) ik niet|zit vol|"
    r"ben ik (?:er )?niet|moet ik werken|werk ik|doesn'?t work|passt nicht)"
)
PAST = re.compile(
    r"\b(?:gisteren|afgelopen|vorige|gebracht|gekocht|opgehaald|afgesproken|zouden|zou (?:me|mij|"
    r"ik)|beloofd|geleden|gebeld|gekregen|geweest|kwam|stond|hadden|yesterday|last week|letzte)\b"
)
CALL_IMPERATIVE = re.compile(
    r"\b(?:bel (?:me|mij)|kan iemand|kunnen jullie|wil\w* (?:jullie|u|je|iemand)|graag|call me|"
    r"kunt u|kun je|iemand|mag ik|zou)\b"
)
EDGE_OF_PAST = re.compile(
    r"\b(?:zouden|zou\b.{0,12}\bbellen|beloofd|niemand|nooit|niks|nog niet|wel gebeld|werd ik|nicht)\b"
)
ASKS_MOMENT = re.compile(
    r"^(?:en |dan |of )?(?:kan|kunnen|lukt|past|schikt|mag) (?:het|ik|we|wij|u|dat)\b.*\?$"
)
