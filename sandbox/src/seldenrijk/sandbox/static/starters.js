// One-click conversations, as customers write them. Several messages are typed one after the other.

const one = (text, more = {}) => ({ says: [text], ...more });

export const OWNER = [
  one("Hallo, ik zoek een Volkswagen Golf"),
  one("Ik wil graag een auto kopen tussen 20k en 30k"),
  one("Wat zijn de mogelijkheden voor financiering?"),
  one("Kan ik een afspraak maken voor een proefrit?"),
  one("Zoek een diesel SUV met automaat onder de 150000 km"),
];

export const MORE = [
  { title: ["Drie korte berichten achter elkaar", "Three short messages in a row"], says: ["Hallo", "ik zoek een golf", "automaat graag"] },
  { title: ["Zich bedenken", "A change of mind"], says: ["Ik zoek een Ford Focus, benzine", "nee wacht, toch liever hybride"] },
  one("Ik heb max 15 mille te besteden en wil 5 deuren"),
  one("Wat krijg ik voor mijn Opel Corsa uit 2016 met 98.000 km?"),
  one("Zijn jullie zaterdag open en waar zitten jullie?"),
  one("Hebben jullie nog elektrische auto's met minstens 5 zitplaatsen?"),
  one("Mijn auto staat al drie weken bij jullie en niemand belt terug. Belachelijk!"),
  one("Kan ik even met een medewerker praten?"),
  one("Kan mijn Golf morgen langskomen voor een grote beurt?"),
  one("Ik heb een BKR-registratie, kan ik dan toch een auto op afbetaling krijgen?"),
  one("Hi, I'm looking for an automatic under 20,000 euros"),
  one("Guten Tag, haben Sie einen Tiguan mit Automatik?"),
  one("Gooi er maar wat uit, asdfgh"),
  one("STOP"),
  { title: ["Een foto van de auto voor inruil", "A photo of a car to trade in"], says: ["Deze wil ik inruilen"], kind: "image" },
  { title: ["Een spraakbericht", "A voice note"], says: [""], kind: "audio" },
];

export const NAMES = { "+31612345678": "Noor", "+31687654321": "Daan", "+31611223344": "Samira" };
export const KINDS = ["image", "audio", "video", "document", "location", "contacts", "sticker"];
