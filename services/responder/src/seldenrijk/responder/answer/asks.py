"""What exactly is asked: patterns on the folded text, by language-independent names. Pure."""

import re

from seldenrijk.responder.stock.words import fold

_ABOUT_CAR: dict[str, str] = {
    "availability":
        r"\bnog (?:beschikbaar|te koop|aanwezig|vrij|er|binnen|op voorraad)\b|\bbeschikbaar\b"
        r"|\bal verkocht\b|\bverkocht\b"
    r"|\bis (?:ie|hij|die|deze)(?: \w+)? er nog\b|\bte koop\b|\b(?:still )?(?:available|for sale)\b"
    r"|\bin stock\b|\bsold\b"
    r"|\bverfugbar\b|\bnoch da\b|\bnoch zu haben\b|\bverkauft\b|\bstaat (?:ie|hij|die) er nog\b"
    r"|\bgereserveerd\b|\bop voorraad\b",
    "price":
        r"\b(?:prijs|prijzen|vraagprijs|kosten?|kost|hoe duur|wat (?:moet|vraag|vragen)|hoeveel (?:is"
        r"|moet|vraag|vragen)|meeneemprijs"
    r"|price|how much|cost|costs|preis|kostet|wie teuer|wieviel|wie viel)\b",
    "mileage":
        r"\b(?:kilometerstand|hoeveel (?:km|kilometer|kilometers)|km stand|gelopen|op de teller|gereden"
        r"|mileage|how many (?:km|kilometers|miles)"
    r"|kilometerstand|wie viele kilometer|tellerstand)\b",
    "year":
        r"\b(?:bouwjaar|welk jaar|van wanneer|hoe oud|from what year|which year|what year|how old|baujahr"
        r"|wie alt|bj)\b",
    "color": r"\b(?:welke kleur|kleur|what colou?r|which colou?r|welche farbe|farbe)\b",
    "fuel_type":
        r"\b(?:welke brandstof|brandstof|benzine of diesel|diesel of benzine|petrol or diesel"
        r"|diesel or petrol|rijdt (?:hij|ie) op|kraftstoff"
    r"|which fuel|what fuel|benzin oder diesel|diesel oder benzin)\b",
    "transmission":
        r"\b(?:schakel of automaat|automaat of (?:hand|schakel)\w*|handgeschakeld of automaat"
        r"|versnellingsbak|manual or automatic"
    r"|automatic or manual|gearbox|welke bak|getriebe|schalter oder automatik|automatik oder schalt\w*)\b",
    "doors": r"\b(?:hoeveel deuren|how many doors|wie viele turen|3 of 5 deurs?)\b",
    "seats":
        r"\b(?:hoeveel (?:zitplaatsen|stoelen|personen|zitten)|how many seats|wie viele sitze"
        r"|zitplaatsen)\b",
    "features":
        r"\b(?:welke opties|opties|uitrusting|wat zit er (?:allemaal )?op|accessoires|equipment"
        r"|which options|ausstattung)\b",
    "link":
        r"\b(?:link|foto|foto s|fotos|plaatjes|afbeelding(?:en)?|photos?|pictures?|pics|bilder|bild"
        r"|website|url|advertentie)\b",
    "details":
        r"\b(?:meer informatie|meer info|meer weten|vertel (?:me )?(?:eens )?(?:iets )?(?:meer|over)"
        r"|details|more info(?:rmation)?|tell me (?:more|about)"
    r"|mehr (?:infos?|informationen)|gegevens|specificaties|specs|interesse in|interested in|interesse an)\b",
    "unknown":
        r"\b(?:verbruik|verbruikt|zuinig|1 op|consumption|mpg|verbrauch|schade(?:vrij)?|schadeverleden"
        r"|aanrijding|accident|unfall\w*|eigenaren|eigenaar|owners?"
    r"|vorbesitzer|onderhoudsboekje|onderhoudshistorie|boekjes|historie|history|service ?heft"
    r"|scheckheft|dealeronderhouden|nap|apk|tuv|hu|trekgewicht|trekvermogen"
    r"|aanhangergewicht|anhangelast|towing|kofferbak|bagageruimte|kofferruimte|boot space|trunk"
    r"|kofferraum|actieradius|range|reichweite|accu|batterij"
    r"|battery|distributieriem|ketting|timing belt|zahnriemen|sleutels?|keys|winterbanden|banden"
    r"|velgen|tyres|reifen|pk|vermogen|horsepower|ps|motor|geimporteerd"
    r"|import|rookvrij|gerookt|krassen|deuken|roest|rust|rost|staat van|condition|zustand|bijtelling"
    r"|euro ?[456]|milieuzone|co2|gewicht|afmetingen"
    r"|lengte|hoogte|lang is|breed is|schuifdak|elektrische ramen|carkit|bluetooth|android auto|dab"
    r"|xenon|led|matrix|hud)\b",
}  # fmt: skip
_TOPICS: dict[str, str] = {
    "discount":
        r"\b(?:korting|iets (?:van )?af|wat (?:nog )?af|nog wat van af|zakken|onderhandel\w*"
        r"|laatste prijs|beste prijs|onderhandelbaar|vaste prijs|lagere prijs"
    r"|evenaren|goedkoper kan|discount|negotiab\w+|negotiate|best price|lower price|rabatt"
    r"|verhandel\w*|verhandlungsbasis|vb|nachlass|meeneemprijs|scherper)\b",
    "bid": r"\b(?:bod|bieden|bied|biedt|offer you|my offer|biete|gebot|geboden|bod doen|eraf en ik)\b",
    "running": r"\b(?:wegenbelasting|mrb|verzekering|verzekeren|road tax|insurance|kfz steuer|versicherung)\b",
    "extra":
        r"\b(?:afleverkosten|aflever\w*|leges|rijklaar|btw|bpm|bijkomende kosten|all ?in|inclusief|incl"
        r"|vat|delivery package|mwst|nebenkosten|uberfuhrung)\b",
    "warranty": r"\b(?:garantie|bovag|warranty|guarantee|gewahrleistung)\b",
    "delivery":
        r"\b(?:bezorg\w*|thuisbezorg\w*|thuis (?:af)?(?:leveren|brengen)|afleveren|aflevering|levering"
        r"|leveren jullie|levertijd|deliver\w*|liefer\w*|wadden\w*)\b",
    "export":
        r"\b(?:export\w*|uitvoer\w*|duits kenteken|duitse kenteken|buitenland|abroad|ausfuhr\w*"
        r"|zollkennzeichen)\b",
    "reserve":
        r"\b(?:reserveren|reserveer|vasthouden|vast te laten houden|apart (?:zetten|houden)|reserve"
        r"|hold it|reservieren|zurucklegen|optie nemen)\b",
    "payment":
        r"\b(?:betaalmethode\w*|betalen|pinnen|pin|contant|cash|overmaken|pay|payment|bezahlen|zahlung\w*"
        r"|bank)\b",
    "deposit": r"\b(?:aanbetaling|aanbetalen|borg|deposit|anzahlung)\b",
    "papers":
        r"\b(?:papieren|tenaamstell\w*|op naam|overschrijv\w*|rijbewijs|legitimatie|documenten|documents"
        r"|papers|papiere|ummeld\w*|zulass\w*|registration)\b",
    "job":
        r"\b(?:vacature\w*|personeel|baan|stage|solliciter\w*|werken bij|job|jobs|hiring|vacanc\w+|stelle"
        r"|ausbildung)\b",
    "robot":
        r"\b(?:robot|bot|chatbot|computer|automatisch\w*|ai|kunstmatig\w*|mens of|echt persoon|human or"
        r"|real person|maschine|ki)\b",
    "thanks": r"\b(?:dank\w*|bedankt\w*|thanks|thank you|thx|thnx|merci|danke|vielen dank|cheers)\b",
    "bye":
        r"\b(?:tot ziens|doei|doeg|dag|fijne? (?:dag|avond|weekend|week)|prettige?|groet(?:jes|en)?|bye"
        r"|goodbye|have a nice|tschuss|auf wiedersehen|schonen tag|tot dan|tot snel|later)\b",
    "thinking":
        r"\b(?:denk\w* (?:er )?(?:nog )?(?:even )?over na|overleg\w*|nadenken|think about it|uberlege\w*"
        r"|laat het (?:nog )?weten|kom er(?:op| op) terug|bespreek)\b",
    "greeting":
        r"^(?:hoi+|hallo+|hey+|heyy+|hi+|hello|dag|goede?n?\s?(?:morgen|middag|avond)|goeie\w*"
        r"|goedemorgen|goedemiddag|goedenavond|yo|moin|guten (?:tag|morgen|abend)|good (?:morning"
        r"|afternoon|evening)|servus|mogge)\b",
    "how_are_you": r"\b(?:hoe gaat het|alles goed|how are you|wie geht s|wie geht es)\b",
    "hours":
        r"\b(?:open|geopend|dicht|gesloten|openingstijd\w*|opening hours|hoe laat|hours|close|closed"
        r"|tot hoe|koopavond|geoffnet|offnungszeit\w*|zu|bereikbaar|offen|hemelvaart"
    r"|feestdag\w*|kerst|pasen|pinksteren|koningsdag|holidays?|feiertag\w*|oud en nieuw|nieuwjaar)\b",
    "address":
        r"\b(?:adres|waar (?:zit\w*|ligt|liggen|staan|is|kan|zijn|bevind\w*)|locatie|route|navigatie"
        r"|gevestigd|ligt jullie|address|where are|located|location|wo (?:genau|befindet|ist|sind|seid)"
        r"|adresse|anfahrt|plaats)\b",
    "phone": r"\b(?:telefoon\w*|nummer|bellen|phone|call you|telefonnummer|anrufen|telefonisch)\b",
    "email": r"\b(?:e ?mail\w*|mail\w*|mailadres)\b",
    "transport":
        r"\b(?:parkeer\w*|parkeren|bushalte|bus|trein|station|ov|aanhanger|parking|park|train|parkplatz"
        r"|parken|bahn|laadpaal|laadpalen|koffie|rolstoel\w*)\b",
    "walk_in":
        r"\b(?:zonder afspraak|binnenlopen|rondneuzen|rond te neuzen|rondkijken|langskomen"
        r"|without (?:an )?appointment|walk in|drop by|ohne termin|vorbeikommen|bij jullie langs)\b",
    "duration":
        r"\b(?:hoe lang duurt|hoelang duurt|mag (?:mijn|mn|m n)|mee\b.*proefrit|how long|wie lange"
        r"|alleen rijden|rijbewijs)\b",
    "data":
        r"\b(?:gegevens|avg|gdpr|data|daten|wissen|verwijder\w*|loschen|delete|dsgvo|toestemming"
        r"|opgeslagen)\b",
    "notify":
        r"\b(?:laat (?:het )?(?:me |mij |ons )?weten (?:als|wanneer|zodra)|hou(?:d)? (?:me"
        r"|mij) op de hoogte|seintje|binnenkomt|binnenkrijg\w*|let me know (?:when|if)"
        r"|melden sie sich wenn)\b",
    "person_situation":
        r"\b(?:bkr|codering|schulden|zzp|jaarcijfers|inkomen|verdienen|uitkering|contract|krediet kan"
        r"|afgewezen|schufa|einkommen|income|credit check|starters?)\b",
    "interest": r"\b(?:rente|rentepercentage|interest|zins\w*|procent|percentage)\b",
    "foreign":
        r"\b(?:pannenkoek\w*|huiswerk|gedicht|piraat|recept|crypto|iphone|trein|voetbal|weer\b|moppen?"
        r"|mop|joke|poem|recipe|pirate)\b",
}  # fmt: skip
_CAR = {name: re.compile(pattern) for name, pattern in _ABOUT_CAR.items()}
_TOPIC = {name: re.compile(pattern) for name, pattern in _TOPICS.items()}


def about_car(text: str) -> tuple[str, ...]:
    """What is asked about a car: "price", "availability", "unknown" (what the stock never states), ..."""
    plain = fold(text)
    return tuple(name for name, pattern in _CAR.items() if pattern.search(plain))


def topics(text: str) -> frozenset[str]:
    """Which topics beside the cars a text touches."""
    plain = fold(text)
    return frozenset(name for name, pattern in _TOPIC.items() if pattern.search(plain))


def is_question(text: str) -> bool:
    """Whether a text asks something, with or without a question mark."""
    start = r"^(?:en |ja |maar |hoi |hallo )?(?:is|heeft|heb|zit|kan|mag|wat|welke?|hoe|hoeveel|waar|wanneer|wie|does|do|is|has|what|which|how|can|hat|ist|gibt|was|wie|wo)\b"
    return "?" in text or re.match(start, fold(text)) is not None
