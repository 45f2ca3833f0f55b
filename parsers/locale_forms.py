"""Labels of website forms and their canonical keys, and how form notifications give themselves away: data only.

Labels in en de fr es it nl pt (and what is sure of pl sv da no fi cs), and the names form plugins give their
fields, folded as `parsers.form_mail.fold` does: lower case, `-` and `_` as spaces, no trailing colon, star or
"(required)".
"""

from __future__ import annotations

KEYS: dict[str, str] = {
    "name": "name|your name|full name|fullname|contact name|contact|contact person|complete name|customer name|lead name|visitor name|submitted by|sender name|sender|from name|naam|ihr name|dein name"
            "|vor und nachname|vor und zuname|vor- und nachname|vorname und nachname|vorname nachname|vorname und name|name vorname|vollständiger name|ansprechpartner|ansprechperson|kontaktperson|kundenname|absender|nom complet|votre nom"
            "|nom et prénom|nom et prénoms|prénom et nom|nom prénom|prénom nom|votre nom et prénom|nombre completo|nombre y apellidos|nombre y apellido|tu nombre|su nombre|nombre apellidos|nombre apellido|nome e cognome|nome cognome|cognome e nome|il tuo nome|nominativo"
            "|nome completo|seu nome|o seu nome|nome e sobrenome|nome e apelido|volledige naam|uw naam|je naam|voor- en achternaam|voornaam en achternaam|voor en achternaam|contactpersoon|imię i nazwisko|navn|fullt navn|fulde navn|namn|ditt namn|för och efternamn|nimi|koko nimi|jméno|jméno a příjmení|meno a priezvisko",
    "first_name": "first name|firstname|fname|given name|forename|vorname|ihr vorname|prénom|prenom|votre prénom|nombre|nombres|nome|voornaam|primeiro nome|imię|fornavn|förnamn|etunimi|křestní jméno|nome próprio|nome di battesimo",
    "last_name": "last name|lastname|lname|surname|family name|nachname|familienname|zuname|ihr nachname|nom|nom de famille|votre nom de famille|apellido|apellidos|cognome|achternaam|sobrenome|apelido|último nome|nazwisko|etternavn|efternavn|efternamn|sukunimi|příjmení",
    "email": "email|e mail|e-mail|mail|email address|e mail address|e-mail address|mail address|your email|your e mail|your email address|email id|contact email|sender email|from email|work email|business email|reply email|emailadresse|e mail adresse|e-mail-adresse|e-mail adresse|ihre e mail|ihre e mail adresse|ihre e-mail|ihre email|ihre e-mail-adresse|deine e mail|mailadresse|email adresse"
             "|adresse e mail|adresse e-mail|adresse email|adresse mail|votre e mail|votre e-mail|votre email|votre adresse e-mail|courriel|adresse courriel|mél|adresse électronique|correo|correo electrónico|correo electronico|dirección de correo|dirección de correo electrónico|tu correo|tu correo electrónico|su correo|su email|tu email|indirizzo email|indirizzo e mail|indirizzo e-mail|indirizzo di posta elettronica|posta elettronica|la tua email|la tua e-mail"
             "|e mailadres|e-mailadres|emailadres|uw e mail|uw e-mail|uw e-mailadres|je e-mail|je e-mailadres|endereço de e mail|endereço de e-mail|endereço de email|seu e mail|seu e-mail|seu email|o seu email|correio eletrónico|adres e mail|adres e-mail|adres email|e post|e-post|epost|e postadresse|e-postadresse|e-postadress|epostadress|sähköposti|sähköpostiosoite|emailová adresa|e-mailová adresa",
    "phone": "phone|telephone|tel|phone number|telephone number|telephone no|phone no|contact number|contact phone|contact no|mobile|mobile number|mobile phone|cell|cell phone|cellphone|your phone|your phone number|daytime phone|work phone|telefon|telefonnummer|tel nr|telefonnr|telefon nr|ihre telefonnummer|ihr telefon|telefon mobil|telefon privat|telefon geschäftlich|handy|handynummer|mobil|mobilnummer|mobiltelefon|rufnummer|rückrufnummer"
             "|téléphone|telephone portable|numéro de téléphone|numero de telephone|votre téléphone|votre numéro de téléphone|n° de téléphone|no de téléphone|portable|téléphone portable|téléphone mobile|teléfono|telefono|número de teléfono|numero de telefono|teléfono móvil|móvil|celular|teléfono de contacto|tu teléfono|su teléfono|numero di telefono|recapito telefonico|il tuo telefono|cellulare|numero di cellulare|recapito"
             "|telefoon|telefoonnummer|telefoon nummer|uw telefoonnummer|je telefoonnummer|mobiel|mobiel nummer|gsm|gsm nummer|número de telefone|telefone|telemóvel|telemovel|celular whatsapp|telefone celular|seu telefone|whatsapp|numer telefonu|telefonnummer|puhelin|puhelinnumero|telefonní číslo|telefonné číslo|mobilní telefon",
    "fax": "fax|fax number|telefax|faxnummer|fax nr",
    "company": "company|company name|organisation|organization|organisation name|organization name|business|business name|firm|employer|your company|firma|firmenname|unternehmen|unternehmensname|ihr unternehmen|ihre firma|organisation firma|betrieb|institution|société|societe|entreprise|nom de l'entreprise|nom de la société|nom de l’entreprise|votre entreprise|votre société|raison sociale|organisme|empresa|nombre de la empresa|compañía|organización|tu empresa|su empresa|razón social"
               "|azienda|nome azienda|nome dell'azienda|società|ragione sociale|ditta|la tua azienda|bedrijf|bedrijfsnaam|organisatie|naam bedrijf|uw bedrijf|nome da empresa|sua empresa|organização|companhia|nazwa firmy|företag|företagsnamn|virksomhed|virksomhedsnavn|bedrift|firmanavn|yritys|společnost|spoločnosť",
    "message": "message|your message|comment|comments|comment or message|kommentar oder nachricht|commentaire ou message|comentario o mensaje|commento o messaggio|reactie of bericht|comentário ou mensagem|comments or questions|question|questions|your question|inquiry|enquiry|your enquiry|your inquiry|inquiry details|description|details|request|your request|body|message body|text|note|notes|additional information|additional comments|how can we help|how can we help you|what can we help you with|tell us about your project|project description|project details|feedback|remarks|remark|content"
               "|nachricht|ihre nachricht|deine nachricht|mitteilung|ihre mitteilung|kommentar|kommentare|anfrage|ihre anfrage|frage|fragen|ihre frage|anliegen|ihr anliegen|dein anliegen|bemerkung|bemerkungen|anmerkung|anmerkungen|beschreibung|nachrichtentext|wie können wir ihnen helfen|wie können wir helfen|projektbeschreibung|text der nachricht|inhalt|wunsch|hinweise"
               "|votre message|commentaire|commentaires|demande|votre demande|question s|votre question|contenu du message|comment pouvons nous vous aider|comment pouvons-nous vous aider|description du projet|précisions|mensaje|tu mensaje|su mensaje|comentario|comentarios|consulta|tu consulta|pregunta|descripción|observaciones|cuerpo del mensaje|en qué podemos ayudarte|cómo podemos ayudarte|messaggio|il tuo messaggio|commento|commenti|richiesta|la tua richiesta|domanda|descrizione|note aggiuntive|testo del messaggio|come possiamo aiutarti"
               "|bericht|uw bericht|je bericht|opmerking|opmerkingen|vraag|uw vraag|je vraag|vragen|toelichting|omschrijving|boodschap|hoe kunnen we u helpen|hoe kunnen we je helpen|mensagem|sua mensagem|a sua mensagem|comentário|comentários|dúvida|pergunta|descrição|observações|como podemos ajudar|wiadomość|treść wiadomości|meddelande|ditt meddelande|meddelelse|besked|melding|din besked|din melding|viesti|zpráva|správa",
    "subject": "subject|your subject|topic|reason|reason for contact|regarding|title of message|betreff|thema|grund der anfrage|betrifft|objet|sujet|votre sujet|objet de la demande|objet du message|asunto|tema|motivo|oggetto|argomento|onderwerp|assunto|temat|ämne|emne|aihe|předmět|predmet",
    "url": "website|web site|url|homepage|web|webseite|internetseite|internet|site web|site internet|site|sitio web|página web|pagina web|sito|sito web|sito internet|website url|company website|your website|website adresse|webadresse|web address|strona www|hemsida|hjemmeside|kotisivu",
    "page_url": "page url|page|form page|page link|source url|referer|referrer|seite|seiten url|quelle url|url de la page|url de la página|pagina url|sent from page|landing page|url der seite|submitted from|source page|conversion page|page title|entry url",
    "address": "address|street|street address|address line 1|anschrift|adresse|straße|strasse|straße und hausnummer|straße hausnummer|straße nr|strasse nr|str|adresse postale|rue|dirección|direccion|calle|indirizzo|via|adres|straat|straat en huisnummer|endereço|morada|rua|ulica|gata|gade|katuosoite|postal address|mailing address",
    "city": "city|town|city town|ort|stadt|wohnort|ville|ciudad|población|localidad|città|comune|plaats|woonplaats|stad|cidade|miasto|by|kaupunki|město|localidade",
    "postcode": "postcode|post code|zip|zip code|zipcode|postal code|zip postal code|plz|postleitzahl|code postal|código postal|codigo postal|cp|cap|codice postale|código postal cep|cep|kod pocztowy|postnummer|postinumero|psč",
    "state": "state|province|region|county|state province|bundesland|kanton|département|région|provincia|regione|provincie|estado|distrito|comunidad autónoma",
    "country": "country|land|staat|pays|país|pais|paese|nazione|kraj|maa|země|krajina|country region",
    "job_title": "job title|jobtitle|position|role|title|function|position im unternehmen|funktion|berufsbezeichnung|fonction|poste|cargo|puesto|ruolo|qualifica|functie|functietitel|stanowisko",
    "salutation": "salutation|anrede|civilité|tratamiento|trattamento|aanhef|tratamento|prefix|titel",
    "budget": "budget|your budget|project budget|estimated budget|budget range|ihr budget|budgetrahmen|votre budget|presupuesto|orçamento|verba",
    "product": "product|products|product of interest|interested in|i am interested in|service|services|produkt|produkte|interesse an|leistung|produit|producto|prodotto|servizio|produto|serviço|servicio|dienst|interested product",
    "quantity": "quantity|qty|number of units|menge|anzahl|stückzahl|quantité|cantidad|quantità|aantal|quantidade",
    "date": "date|preferred date|desired date|wunschtermin|datum|date souhaitée|fecha|data|gewenste datum|datum und uhrzeit|submitted on|submission date|submitted at|eingegangen am|gesendet am|date de soumission",
    "time": "time|uhrzeit|heure|hora|ora|tijd",
    "ip": "ip|ip address|remote ip|user ip|ip adresse|ip-adresse|ip adres|adresse ip|dirección ip|indirizzo ip|sender ip",
    "user_agent": "user agent|useragent|browser|browser info|user agent string",
    "source": "source|how did you hear about us|how did you find us|where did you hear about us|wie sind sie auf uns aufmerksam geworden|comment nous avez vous connu|comment nous avez-vous connus|cómo nos conociste|come ci hai conosciuto|hoe heeft u ons gevonden|como nos conheceu|lead source|herkunft",
    "language": "language|sprache|langue|idioma|lingua|taal",
    "form": "form|form name|form title|formular|formularname|formulaire|formulario|modulo|formulier|formulário|form id",
    "consent": "consent|gdpr|gdpr agreement|privacy|privacy policy|datenschutz|einwilligung|datenschutzerklärung|dsgvo|rgpd|consentement|consentimiento|privacidad|consenso|toestemming|consentimento|acceptance",
    "utm_source": "utm source", "utm_medium": "utm medium", "utm_campaign": "utm campaign", "utm_term": "utm term", "utm_content": "utm content", "gclid": "gclid", "fbclid": "fbclid",
}

# Keys that make a form one when several of them stand together.
WHO = ("name", "first_name", "last_name", "company")
REACHED = ("email", "phone")
SAID = ("message", "subject", "product", "budget", "address", "city", "postcode", "country", "salutation", "quantity")
# Values of these go on over blank lines.
LONG = ("message",)

# Words of the subject, the first lines or the last ones that say "a form was filled in".
HINTS = (
    "contact form|contact-form|form submission|new submission|new form submission|form entry|new entry|new message from|website inquiry|website enquiry|web inquiry|enquiry from|inquiry from|new inquiry|new enquiry|new lead|web lead|new contact|contact request|submitted the form|someone just submitted|just submitted your form|just submitted the following|has been submitted|you have a new message|you've received a new|you have received a new|"
    "this e-mail was sent from a contact form|this email was sent from a contact form|sent via your|powered by: elementor|sent from your website|via your website|received a new response|new response|typeform|jotform|wpforms|gravity forms|contact form 7|elementor|ninja forms|formidable|hubspot form|webflow form|wix.com|squarespace|request a quote|quote request|demo request|callback request|web form|webform|online form|enquiry form|inquiry form|booking request|"
    "kontaktformular|kontaktanfrage|anfrageformular|webseitenanfrage|websiteanfrage|neue anfrage|anfrage über|anfrage von|formular|neue nachricht über|über ihre website|über ihre webseite|von ihrer website|von ihrer webseite|über das formular|wurde gesendet von einem kontaktformular|neuer eintrag|rückrufbitte|angebotsanfrage|terminanfrage|"
    "formulaire de contact|formulaire|nouvelle demande|demande de contact|demande de devis|depuis votre site|via votre site|nouveau message de|nouvelle soumission|envoyé depuis le site|formulario de contacto|formulario|nueva consulta|nuevo mensaje|desde su web|desde tu web|desde su sitio|a través de la web|a través del formulario|solicitud de contacto|solicitud de información|nuevo envío|solicitud de presupuesto|"
    "modulo di contatto|modulo contatti|form di contatto|richiesta di contatto|nuova richiesta|richiesta dal sito|dal sito web|inviato dal sito|richiesta informazioni|richiesta di preventivo|nuovo messaggio dal|contactformulier|contactaanvraag|nieuwe aanvraag|via uw website|via je website|via de website|nieuw bericht via|offerteaanvraag|nieuwe inzending|formulário de contato|formulário de contacto|formulário|novo contato|novo contacto|nova mensagem|pelo site|através do site|do seu site|pedido de orçamento|solicitação de orçamento|"
    "formularz kontaktowy|kontaktformulär|kontaktskjema|yhteydenottolomake|kontaktní formulář|kontaktný formulár|enquiry email via"
)

# Lines that end the fields: what plugins and sites add below.
FOOTERS = (
    "this e-mail was sent from|this email was sent from|this mail was sent|this message was sent from|sent from (ip address)|this is a notification|you are receiving this|to reply to this|reply to this email to|diese e-mail wurde von|diese e-mail wurde über|diese nachricht wurde|dieses e-mail wurde|cet e-mail a été envoyé|ce message a été envoyé|cet email a été envoyé|este correo electrónico|este mensaje se ha enviado|este mensaje ha sido|este e-mail foi enviado|"
    "esta mensagem foi enviada|questa e-mail è stata inviata|questa email è stata|questo messaggio è stato|deze e-mail is verzonden|dit bericht is verzonden|deze e-mail werd|(sent via|manage submissions|view submission|view entry|view response|does this submission look like spam|report it here|to edit your email settings|unsubscribe|log in and view|see all responses|reply directly to this|powered by|©|copyright|all rights reserved|you can edit this submission|now create your own jotform"
)

# One word of a longer label that says what it is, where the whole label is not known.
WORDS: dict[str, str] = {
    "email": "email|mail|emailadresse|mailadresse|courriel|correo|emailadres|mailadres",
    "phone": "phone|telephone|mobile|telefon|telefonnummer|handy|handynummer|rufnummer|téléphone|teléfono|telefono|cellulare|telefoon|telefoonnummer|telefone|celular|telemóvel|whatsapp",
    "message": "message|nachricht|mitteilung|mensaje|messaggio|bericht|mensagem|comments|anliegen|anfrage|kommentar|commentaire|comentario|comentarios|commento|opmerkingen|opmerking|comentário|inquiry|enquiry|requirements|need",
    "company": "company|firma|unternehmen|firmenname|entreprise|société|empresa|azienda|bedrijf|bedrijfsnaam|organisation|organization|organisatie",
    "name": "name|naam|nombre|nome|nom",
}

# Labels that mean the whole name, or half of it where the other half has a field of its own.
WHOLE_OR_HALF = {"name": "last_name", "nom": "last_name", "nombre": "first_name", "nome": "first_name", "naam": "last_name", "nombres": "first_name"}

# Contact Form 7's first line, `From: Anna <anna@…>`, in the languages of its templates.
FROM = "from|von|de|da|van|od|fra|från|lähettäjä|expéditeur|absender|remitente|mittente|afzender|remetente"
