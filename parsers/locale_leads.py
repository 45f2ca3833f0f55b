"""Labels of lead files and feeds and their canonical keys: data only.

What `locale_forms` has no key for, and what means something else in a list of leads than in a form: `mobile` beside
`phone`, the number of a request, what it is about. Folded like the labels of forms.
"""

from __future__ import annotations

KEYS: dict[str, str] = {
    "requested_at": "created at|created|created time|created on|date created|creation date|request date|requestdate|requested at|received at|received|timestamp|time stamp|datetime|date time|lead date|scan time|scanned at|scan date|capture time|eingangsdatum|eingang|eingegangen|anfragedatum|anfrage vom|anfragezeitpunkt|erstellt am|erstellt|erfasst am|datum der anfrage|scanzeit|gescannt am|zeitstempel|zeitpunkt"
                    "|date de la demande|date demande|date de création|date création|reçu le|horodatage|fecha de solicitud|fecha solicitud|fecha de creación|fecha creación|recibido el|data richiesta|data della richiesta|data creazione|data di creazione|ricevuto il|aanvraagdatum|datum aanvraag|aangemaakt op|ontvangen op|data do pedido|data de criação|recebido em|data zgłoszenia|data utworzenia|skapad|oprettet|opprettet|inquiry date|enquiry date",
    "reference": "id|lead id|leadid|lead nr|lead nummer|lead number|lead no|anfrage id|anfrageid|anfragenummer|anfrage nr|anfragenr|request id|inquiry id|enquiry id|submission id|entry id|response id|vorgangsnummer|vorgang|vorgangs id|ticket|ticket id|referenz|referenznummer|referenz nr|reference|reference number|reference no|ref|ref no|external id|uuid|référence|référence de la demande|numéro de demande|n° de demande|n° demande|id demande|referencia|número de solicitud|nº de solicitud|nº solicitud|id solicitud|riferimento|numero richiesta|id richiesta|referentie|aanvraagnummer|aanvraag id|referência|id do pedido|numer zgłoszenia",
    "object_id": "objekt id|oobj id|oobjid|portal unique id|portal obj id|anbieter objekt id|objektid|objektnummer|objekt nr|objektnr|objekt-nr|immobilien id|immobiliennummer|expose id|exposé id|exposé nr|scout id|scoutid|property id|property ref|property reference|listing id|listing reference|référence du bien|réf du bien|réf annonce|référence annonce|numéro d'annonce|id immobile|riferimento annuncio|codice immobile|codice annuncio|rif annuncio|ref inmueble|referencia inmueble|referencia del inmueble|objectnummer|object id|código do imóvel|referência do imóvel|fahrzeug id|fahrzeugnummer|inserat id|inseratsnummer|inserat nr|anzeigen id|anzeigennummer|anzeigen nr|stock number|stock no|stock id|vehicle id|ad id|interne nummer|numer ogłoszenia|numer oferty",
    "mobile": "mobile|mobile phone|mobile number|mobile no|cell|cell phone|cellphone|cell number|handy|handynummer|mobil|mobilnummer|mobiltelefon|mobilfunk|mobilfunknummer|telefon mobil|portable|téléphone portable|téléphone mobile|móvil|teléfono móvil|celular|telefono móvil|cellulare|telefono cellulare|mobiel|mobiel nummer|mobiele telefoon|gsm|gsm nummer|telemóvel|telefone celular|telefon komórkowy|komórka|mobiltelefonnummer",
    "amount": "amount|price|deal value|value|deal amount|order value|preis|kaufpreis|betrag|auftragswert|auftragssumme|wert|gesamtpreis|prix|montant|precio|importe|prezzo|importo|prijs|bedrag|preço|valor|cena|kwota|pris|beløb|belopp|warmmiete|kaltmiete",
    "currency": "currency|currency code|währung|devise|moneda|divisa|valuta|moeda|waluta|monnaie",
    "vehicle_make": "make|vehicle make|car make|marke|fahrzeugmarke|hersteller|automarke|fabrikat|marque|marque du véhicule|marca|marca del vehículo|merk",
    "vehicle_model": "model|vehicle model|car model|modell|fahrzeugmodell|modèle|modèle du véhicule|modelo|modelo del vehículo|modello",
    "vehicle_year": "year|vehicle year|model year|baujahr|erstzulassung|ez|année|année modèle|año|anno|anno di immatricolazione|bouwjaar|ano",
    "vehicle": "vehicle|car|fahrzeug|auto|wagen|véhicule|voiture|vehículo|coche|veicolo|vettura|voertuig|veículo|carro|pojazd|samochód",
    "vehicle_odometer": "mileage|odometer|kilometerstand|laufleistung|km stand|kilométrage|kilometraje|chilometraggio|kilometerstand|quilometragem|przebieg",
    "birth_date": "birth date|birthdate|date of birth|dob|birthday|geburtsdatum|geburtstag|geb datum|geb|date de naissance|date naissance|né le|née le|fecha de nacimiento|fecha nacimiento|data di nascita|data nascita|geboortedatum|data de nascimento|data nascimento|data urodzenia|födelsedatum|fødselsdato",
    "house_number": "house number|house no|hausnummer|haus nr|hausnr|numéro de rue|numero civico|huisnummer|número de la calle",
    "living_area": "living area|living space|wohnfläche|fläche|surface|surface habitable|superficie|woonoppervlakte|área útil",
    "rooms": "rooms|number of rooms|zimmer|anzahl zimmer|zimmeranzahl|nombre de pièces|pièces|habitaciones|locali|kamers|quartos|pokoje",
    "name": "contact name|customer name|lead name|visitor|attendee|interessent|kunde|customer|besucher|teilnehmer|client|cliente|klant|nom du client|nom complet du client|imię i nazwisko|display name|display_name|formatted name|besteller|versicherungsnehmer|anfragesteller",
    "first_name": "first|given|givenname|first_name|prenom|firstname|name first",
    "last_name": "last|family|familyname|surname|lastname|name last",
    "email": "e mail 1|mail adresse|email1|emails|work email|business email|private email|e mail geschäftlich|e mail privat|email pro|geschäftliche e mail",
    "phone": "tél|tél fixe|tel fixe|user phone|phones|phone numbers|telephones|work phone|business phone|home phone|landline|festnetz|telefon festnetz|telefon geschäftlich|telefon privat|téléphone fixe|fixe|teléfono fijo|telefono fisso|vaste telefoon|telefone fixo|direct dial|durchwahl|tel 1|telefon1",
    "company": "account|account name|company|firma|exhibitor company|organisation|betriebsname|legal name|firmierung",
    "message": "customer comments|anfragetext|nachricht des interessenten|mitteilung des kunden|freitext|free text|notiz|notizen|bemerkung des kunden|qualifier notes|lead notes|texte de la demande|texto de la solicitud|testo richiesta|testo della richiesta|tekst aanvraag|texto do pedido|treść zapytania",
    "street": "street1|street 1|address1|address 1|adresse 1|strasse hausnummer|straße hausnr|str hausnr|str nr|strasse nr|streetname|street name",
    "job_title": "job|occupation|beruf|profession|profesión|professione|beroep|profissão",
    "source": "lead source|quelle|channel|kanal|origine|origen|origine del contatto|bron|origem|źródło|portal|portail|plateforme",
    "request_kind": "wunsch|art der anfrage|anfrageart|inquiry type|enquiry type|lead type|type de demande|tipo de solicitud|tipo richiesta|soort aanvraag",
    "tags": "tags|labels|schlagworte|schlagwörter|étiquettes|etiquetas|etichette",
    "product": "product name|produktname|tariff|tarif|sparte|versicherungsart|versicherungssparte|type d'assurance|tipo de seguro|tipo di polizza|verzekering|gewerk|leistungsart|dienstleistung|trade|insurance type|line of business|type de projet|tipo de proyecto",
}

# Whose value a label names: people who ask. Looked through, at the beginning of a label and on the way of a path.
PEOPLE = "customer|kunde|kunden|lead|interessent|interessenten|contact|contacts|kontakt|kontaktdaten|client|cliente|klant|prospect|person|personne|persona|user|applicant|anfragender|anfrager|anfragesteller|buyer|käufer|acheteur|comprador|acquirente|koper|tenant|mieter|besteller|auftraggeber|bewerber|visitor|besucher|attendee|teilnehmer|participant|participante|partecipante|deelnemer|demandeur|solicitante|richiedente|aanvrager|requester|requestor|inquirer|enquirer|owner info|policyholder|versicherungsnehmer|assuré|asegurado|assicurato|homeowner|hauseigentümer|eigentümer|propriétaire|propietario|contato|contacto|contatto|zainteresowany|klient|contact person|ansprechpartner|borrower|subscriber|member|guest|gast|personal"

# Who sent the data: the one who asks, or the portal. Believed where nobody else is named.
SENDERS = "sender|absender|from|von|expéditeur|remitente|mittente|afzender|remetente"

# Names of a value, which say nothing by themselves.
VALUES = "value|values|text|content|wert|valeur|valor|valore|waarde"

# Names that hold a lead's fields without saying whose they are.
STRUCTURE = "user column data|form fields|custom fields|responses|questions|inputs|antworten|felder|data|daten|payload|record|item|row|entry|leads|lead data|fields|field data|form data|form response|answers|values|attributes|properties|details|body|event|object data|submission|anfrage|anfragen|request|requests|inquiry|inquiries|enquiry|enquiries|demande|solicitud|consulta|richiesta|aanvraag|pedido|zapytanie|opportunity|information|contact information|contact details|contact info|personal data|personal information|personendaten|persönliche daten|stammdaten|coordonnées|datos|datos de contacto|dati|dati personali|dados|gegevens|contactgegevens|adresse|address|anschrift|location|name|company|communication|kommunikation|phones|emails|root|result|results|message|nachricht|post|communications|kontaktaufnahme|scan|badge"

# Somebody else than the lead.
OTHERS = "agent|agents|makler|broker|realtor|vendor|dealer|dealers|händler|haendler|autohaus|seller|verkäufer|verkaeufer|vendeur|vendedor|venditore|verkoper|provider|anbieter|partner|advisor|berater|vermittler|agency|agentur|agence|agencia|agenzia|agentschap|branch|filiale|store|shop|exhibitor|aussteller|event info|messe|campaign|kampagne|campagne|ad|adset|page|website info|support|account manager|sales rep|salesperson|assigned to|receiver|recipient|empfänger|empfaenger|destinataire|destinatario|publisher|meta|metadata|system|portal|platform|api|tracking|utm|source system|scanned by|scanner|ansprechpartner intern|referrer|insurer|versicherer|makler daten|bearbeiter|sachbearbeiter|provider contact|gegner|employer info|to"

# What the lead is about.
ABOUT = "vehicle|vehicles|fahrzeug|fahrzeuge|auto|car|véhicule|vehículo|veicolo|voertuig|veículo|property|immobilie|immobilien|objekt|object|real estate|realestate|estate|listing|expose|exposé|bien|inmueble|immobile|woning|imóvel|inserat|anzeige|annonce|anuncio|annuncio|advert|product|products|produkt|artikel|article|offer|angebot|offre|oferta|offerta|project|projekt|projet|proyecto|progetto|tariff|tarif|roof|dach|building|gebäude|system size|trade in|tradein|inzahlungnahme|machine|boat|item info|line items|positions"

# Names that together with the one above them mean a key.
JOINED: dict[str, str] = {
    "email": "email address|email value|emails value|emails address|email text|mail address|emails email|e mail value|e mail adresse|email email",
    "phone": "phone number|phone value|phones number|phones value|telephone number|phone phone|telefon nummer|phone text|phone national|phone international",
    "mobile": "mobile number|mobile value|cell number|mobil nummer",
    "first_name": "name first|name firstname|name first name|name given|name given name|name vorname|name prenom|name nombre|name nome",
    "last_name": "name last|name lastname|name last name|name family|name family name|name surname|name nachname|name nom|name apellidos|name cognome",
    "name": "name full|name value|name display|name fullname|name full name|name text|customer name|customer value",
    "company": "company name|organisation name|organization name|firma name|company value|company title|unternehmen name|entreprise nom|empresa nombre|azienda nome|employer name|account name",
    "product": "product name|product title|produkt name|service name|product value|tariff name|tarif name",
    "object_id": "annuncio codice|annuncio riferimento|anuncio referencia|inserat nummer|anzeige nummer|property id|listing id|immobilie id|objekt id|object id|expose id|vehicle id|fahrzeug id|inserat id|bien id|bien reference|annonce id|inmueble id|inmueble referencia|immobile id|immobile codice|immobile riferimento|property reference|listing reference|property ref|anzeige id",
    "amount": "price value|price amount|amount value|preis wert|budget amount",
    "currency": "price currency|amount currency|preis währung|price @currency",
    "country": "country name|country value|country code|land name",
    "message": "message text|message body|message value|comments text|comment text|nachricht text|note text",
    "city": "city name|ort name",
}

# Words behind a label that do not change what it means.
LATER = "privat|private|geschäftlich|geschaeftlich|beruflich|work|business|personal|pro|professionnel|privé|kunde|customer|client|interessent|lead|contact|kontakt|value|text|primary|main|haupt"

# First words of a row that adds others up, or says how many there were.
TOTALS = "summe|gesamt|gesamtsumme|total|totals|totale|totaal|totaux|sum|suma|grand total|anzahl|count|number of leads|anzahl leads|gesamtanzahl|nombre|nombre total|total de leads|total général|importo totale|totaal aantal|razem|soma|ende|end of file|end of report|fin|zwischensumme|subtotal|sous total|stand"

# Local parts of addresses that belong to machines: whole words of them.
MACHINES = r"(?:^|[._+-])(?:no-?_?reply|do-?not-?reply|donotreply|nicht-?antworten|keine-?antwort|ne-?pas-?repondre|nepasrepondre|no-?responder|non-?rispondere|noreplies|leads?|lead-?export|export|exports|notifications?|notify|robot|bot|system|mailer|crm|automat|anfragen|benachrichtigung|reports?|feed)(?:$|[._+-])"

# What the subject or the few words of a mail say when it exists to bring leads.
ANNOUNCED = (
    r"\b(?:new leads?|leads? (?:export|report|list|file|delivery)|your leads|lead notification|contacts? (?:export|scanned)|scanned (?:contacts?|leads?)|neue (?:leads?|anfragen?|kontakte)|leadliste|lead-?export|messekontakte?|kontaktexport|anfragenexport|ihre (?:leads|anfragen)"
    r"|nouveaux? (?:leads?|contacts?|prospects?)|vos (?:leads|demandes|contacts)|nouvelles? demandes?|export (?:des|de) (?:contacts|leads|prospects)|nuevos? (?:leads?|contactos?)|nuevas? (?:solicitud(?:es)?|consultas?)|exportación de (?:leads|contactos)"
    r"|nuov[oei] (?:lead|contatt[oi]|richiest[ae])|nieuwe (?:leads?|aanvra(?:ag|gen)|contacten)|nov[oa]s? (?:leads?|contat?os?|pedidos?)|nowe (?:leady|zapytania|kontakty)|nya leads|nye leads)\b"
)

# Words before a name that are no part of it, without their full stop.
SALUTATIONS = "herr herrn frau familie firma fa mr mrs ms miss mx sir madam m mme mlle monsieur madame mademoiselle sr sra srta señor señora don doña sig sig.ra sig.na signor signora signore dott dott.ssa dhr dhr/mevr mevr mevrouw meneer heer mijnheer senhor senhora pan pani państwo herra rouva fru hr"
