"""Labels of website forms and their canonical keys: data only.

Labels in en de fr es it nl pt (and what is sure of pl sv da no fi cs), and the names form plugins give their fields.
Compared as `parsers.form_labels.fold` leaves them: lower case without accents, `-`, `_`, `/`, `.`, `,` and `&` as
spaces, no trailing colon, star or "(required)".
"""

from __future__ import annotations

KEYS: dict[str, str] = {
    "name": "ansprechpartner*in|ansprechpartner in|name|your name|full name|fullname|contact name|contact|contact person|complete name|customer name|lead name|visitor name|sender name"
        "|sender|from name|naam|ihr name|dein name|vor und nachname|vor und zuname|vor- und nachname|vorname und nachname|vorname nachname|vorname und name"
        "|name vorname|vollständiger name|ansprechpartner|ansprechperson|kontaktperson|kundenname|absender|nom complet|votre nom|nom et prénom|nom et prénoms"
        "|prénom et nom|nom prénom|prénom nom|votre nom et prénom|nombre completo|nombre y apellidos|nombre y apellido|tu nombre|su nombre|nombre apellidos"
        "|nombre apellido|nome e cognome|nome cognome|cognome e nome|il tuo nome|nominativo|nome completo|seu nome|o seu nome|nome e sobrenome|nome e apelido"
        "|volledige naam|uw naam|je naam|voor- en achternaam|voornaam en achternaam|voor en achternaam|contactpersoon|imię i nazwisko|navn|fullt navn"
        "|fulde navn|namn|ditt namn|för och efternamn|nimi|koko nimi|jméno|jméno a příjmení|meno a priezvisko|ihr vor und nachname|vor nachname|vorname name"
        "|name und vorname|voller name|dein vor und nachname|anfrage von|kontaktname|nom du contact|nom / prénom|nom et prenom|nom prenom|prénom / nom"
        "|nom complet du contact|vos nom et prénom|interlocuteur|expéditeur|persona de contacto|nombre de contacto|nombre / apellidos|nombres y apellidos"
        "|remitente|cliente|nome / cognome|nome ed cognome|persona di contatto|referente|mittente|naam contactpersoon|naam en voornaam|afzender|nome do contato"
        "|nome do contacto|nome / sobrenome|remetente|seu nome completo|twoje imię|twoje imię i nazwisko|osoba kontaktowa|nadawca|customer|applicant"
        "|applicant name|enquirer|requester|guest name|client name|buyer name|visitor|voornaam en naam|voornaam & naam|voor en familienaam|what is your name"
        "|what's your name|whats your name|your full name|wie heißen sie|wie heißt du|wie ist ihr name|quel est votre nom|comment vous appelez vous"
        "|cómo te llamas|cuál es tu nombre|come ti chiami|qual è il tuo nome|hoe heet je|hoe heet u|wat is je naam|wat is uw naam|qual é o seu nome"
        "|como você se chama|qual o seu nome|jak masz na imię",
    "first_name": "first name|firstname|fname|given name|forename|vorname|ihr vorname|prénom|prenom|votre prénom|nombre|nombres|nome|voornaam|primeiro nome|imię|fornavn"
        "|förnamn|etunimi|křestní jméno|nome próprio|nome di battesimo|given names|christian name|rufname|prénom du contact|prénoms|nombre de pila"
        "|primer nombre|voornamen|roepnaam|dein vorname|uw voornaam|je voornaam|tu nombre de pila|what's your first name|what is your first name",
    "last_name": "last name|lastname|lname|surname|family name|nachname|familienname|zuname|ihr nachname|nom|nom de famille|votre nom de famille|apellido|apellidos"
        "|cognome|achternaam|sobrenome|apelido|último nome|nazwisko|etternavn|efternavn|efternamn|sukunimi|příjmení|last names|second name|dein nachname"
        "|primer apellido|tus apellidos|tu apellido|su apellido|il tuo cognome|familienaam|uw achternaam|je achternaam|seu sobrenome|twoje nazwisko"
        "|tussenvoegsel en achternaam|what's your last name|what is your last name",
    "salutation": "salutation|anrede|civilité|tratamiento|trattamento|aanhef|tratamento|prefix|titel|title salutation|civilite|titre de civilité|m mme|sr sra"
        "|anrede titel|herr frau|pronoun|forma de tratamiento|appellativo|aanspreking|forma de tratamento|zwrot grzecznościowy",
    "email": "correo e|e mail di contatto|firmen e mail|e mail geschäftlich|geschäftliche e mail adresse|e mail privat|email|e mail|e-mail|mail|email address|e mail address|e-mail address|mail address|your email|your e mail|your email address|email id|contact email"
        "|sender email|from email|work email|business email|reply email|emailadresse|e mail adresse|e-mail-adresse|e-mail adresse|ihre e mail"
        "|ihre e mail adresse|ihre e-mail|ihre email|ihre e-mail-adresse|deine e mail|mailadresse|email adresse|adresse e mail|adresse e-mail|adresse email"
        "|adresse mail|votre e mail|votre e-mail|votre email|votre adresse e-mail|courriel|adresse courriel|mél|adresse électronique|correo|correo electrónico"
        "|correo electronico|dirección de correo|dirección de correo electrónico|tu correo|tu correo electrónico|su correo|su email|tu email|indirizzo email"
        "|indirizzo e mail|indirizzo e-mail|indirizzo di posta elettronica|posta elettronica|la tua email|la tua e-mail|e mailadres|e-mailadres|emailadres"
        "|uw e mail|uw e-mail|uw e-mailadres|je e-mail|je e-mailadres|endereço de e mail|endereço de e-mail|endereço de email|seu e mail|seu e-mail|seu email"
        "|o seu email|correio eletrónico|adres e mail|adres e-mail|adres email|e post|e-post|epost|e postadresse|e-postadresse|e-postadress|epostadress"
        "|sähköposti|sähköpostiosoite|emailová adresa|e-mailová adresa|your e mail address|email (work)|company email|email contact|e mail contact"
        "|contact e mail|email addr|emailaddress|e mail nr|ihre mailadresse|deine email|deine e mail adresse|e mail kontakt|kontakt e mail|geschäftliche e mail"
        "|adresse de messagerie|votre adresse mail|votre adresse email|votre adresse e mail|votre courriel|votre mail|email professionnel|e mail professionnel"
        "|adresse de courriel|dirección email|dirección de email|direccion de correo|correo de contacto|e mail de contacto|su correo electrónico"
        "|mail de contacto|tu e mail|email di contatto|la tua mail|il tuo indirizzo email|la sua email|il tuo indirizzo e mail|posta|contact e mailadres"
        "|uw emailadres|je emailadres|mail adres|email adres|e mail de contato|email de contato|email para contato|o seu e mail|endereço eletrônico"
        "|endereço eletrónico|correio eletrônico|adres poczty elektronicznej|twój adres e mail|twój email|twój e mail|e mail kontaktowy|what is your email"
        "|what's your email|what's your email address|what is your email address|wie lautet ihre e mail adresse|wie ist ihre e mail adresse"
        "|quelle est votre adresse e mail|quel est votre e mail|cuál es tu correo electrónico|cuál es tu email|qual è la tua email|wat is je e mailadres"
        "|wat is uw e mailadres|qual é o seu e mail|qual o seu e mail",
    "phone": "telefon tagsüber|téléphone fixe|telefon abends|phone|telephone|tel|phone number|telephone number|telephone no|phone no|contact number|contact phone|contact no|your phone|your phone number"
        "|daytime phone|work phone|telefon|telefonnummer|tel nr|telefonnr|telefon nr|ihre telefonnummer|ihr telefon|telefon privat|telefon geschäftlich"
        "|rufnummer|rückrufnummer|téléphone|numéro de téléphone|numero de telephone|votre téléphone|votre numéro de téléphone|n° de téléphone|no de téléphone"
        "|teléfono|telefono|número de teléfono|numero de telefono|teléfono de contacto|tu teléfono|su teléfono|numero di telefono|recapito telefonico"
        "|il tuo telefono|recapito|telefoon|telefoonnummer|telefoon nummer|uw telefoonnummer|je telefoonnummer|número de telefone|telefone|seu telefone"
        "|numer telefonu|puhelin|puhelinnumero|telefonní číslo|telefonné číslo|tel no|phone nr|telefon tagsüber|tel tagsüber|telefon für rückfragen|festnetz"
        "|festnetznummer|telefon/mobil|telefon / handy|ihre rufnummer|ihre telefon nummer|telefon nummer|rückruf unter|tél|n° tél|numéro de tél|tel.|tlf"
        "|teléfono fijo|tfno|telefono fisso|tel. nr.|telnr|telefone fixo|nº de telefone|n° de telefone|telefone/whatsapp|contacto telefónico|nr telefonu"
        "|telefon kontaktowy|phone/mobile|tel mobile|contact telephone|contact phone number|best phone number|phone number mobile|telefone para contato|fone"
        "|fone celular|callback number|telefono cellulare o fisso",
    "mobile": "mobile|mobile number|mobile phone|cell|cell phone|cellphone|telefon mobil|handy|handynummer|mobil|mobilnummer|mobiltelefon|portable|téléphone portable"
        "|telephone portable|téléphone mobile|teléfono móvil|móvil|celular|cellulare|numero di cellulare|mobiel|mobiel nummer|gsm|gsm nummer|telemóvel"
        "|telemovel|celular whatsapp|telefone celular|whatsapp|mobilní telefon|mobile no|mob|mobil telefon|handy nr|mobil nr|mobilrufnummer|numéro de portable"
        "|numéro de mobile|número de móvil|número de celular|teléfono celular|telefono cellulare|telefono mobile|mobiele telefoon|mobiel telefoonnummer"
        "|número de telemóvel|telefon komórkowy|komórka|whatsapp number|whatsapp nummer|mobilni telefon|mobiltelefonnummer|matkapuhelin",
    "fax": "fax|fax number|telefax|faxnummer|fax nr|numéro de fax|télécopie|número de fax|numero di fax|faxnr|faks",
    "company": "company|company name|organisation|organization|organisation name|organization name|business|business name|firm|employer|your company|firma|firmenname"
        "|unternehmen|unternehmensname|ihr unternehmen|ihre firma|organisation firma|betrieb|institution|société|societe|entreprise|nom de l'entreprise"
        "|nom de la société|nom de l’entreprise|votre entreprise|votre société|raison sociale|organisme|empresa|nombre de la empresa|compañía|organización"
        "|tu empresa|su empresa|razón social|azienda|nome azienda|nome dell'azienda|società|ragione sociale|ditta|la tua azienda|bedrijf|bedrijfsnaam"
        "|organisatie|naam bedrijf|uw bedrijf|nome da empresa|sua empresa|organização|companhia|nazwa firmy|företag|företagsnamn|virksomhed|virksomhedsnavn"
        "|bedrift|firmanavn|yritys|společnost|spoločnosť|company or organisation|company organisation|organisation company|name of company|your company name"
        "|trading name|firma organisation|firma unternehmen|firma / verein|verein|arbeitgeber|name der firma|name des unternehmens|unternehmen organisation"
        "|agentur|nom de société|nom entreprise|société entreprise|entreprise société|structure|établissement|nombre empresa|empresa organización|entidad"
        "|negocio|nombre del negocio|nome della società|nome dell azienda|azienda ente|ente|impresa|studio|nome impresa|bedrijf organisatie|naam organisatie"
        "|firmanaam|naam van het bedrijf|uw bedrijfsnaam|je bedrijf|onderneming|nome empresa|empresa organização|entidade|razão social|firma nazwa|twoja firma"
        "|przedsiębiorstwo|what company do you work for|which company do you work for|what's the name of your company|company / organisation",
    "job_title": "jobtitel|stellenbezeichnung|job title|jobtitle|position|role|title|function|position im unternehmen|funktion|berufsbezeichnung|fonction|poste|cargo|puesto|ruolo|qualifica|functie"
        "|functietitel|stanowisko|your position|your role|job role|job|occupation|profession|designation|position funktion|stellung|beruf|ihre position"
        "|ihre funktion|tätigkeit|votre fonction|intitulé du poste|poste occupé|fonction poste|puesto de trabajo|tu cargo|profesión|ocupación|posizione"
        "|posizione lavorativa|mansione|professione|ruolo in azienda|uw functie|je functie|beroep|cargo função|função|seu cargo|profissão|zawód"
        "|twoje stanowisko",
    "message": "cómo podemos ayudarle|¿en qué te podemos ayudar|que pouvons nous faire pour vous aider|hoe kunnen wij u helpen|wie dürfen wir ihnen helfen|cuerpo|corps|corpo|corpo do email|cuerpo del correo|wie können wir dir helfen|wie können wir euch helfen|wie kann ich dir helfen|wie kann ich ihnen helfen|womit können wir ihnen helfen|womit können wir helfen|comment pouvons nous t'aider|comment puis je vous aider|cómo te podemos ayudar|come possiamo aiutarvi|waarmee kan ik je helpen|como podemos te ajudar|jak możemy pomóc|jak możemy ci pomóc|"
        "corps du message|corpo del messaggio|corpo da mensagem|berichttekst|inhoud|message|your message|comment|comments|comment or message|kommentar oder nachricht|commentaire ou message|comentario o mensaje|commento o messaggio"
        "|reactie of bericht|comentário ou mensagem|comments or questions|question|questions|your question|inquiry|enquiry|your enquiry|your inquiry"
        "|inquiry details|description|details|request|your request|body|message body|text|note|notes|additional information|additional comments|how can we help"
        "|how can we help you|what can we help you with|tell us about your project|project description|project details|feedback|remarks|remark|content"
        "|nachricht|ihre nachricht|deine nachricht|mitteilung|ihre mitteilung|kommentar|kommentare|anfrage|ihre anfrage|frage|fragen|ihre frage|anliegen"
        "|ihr anliegen|dein anliegen|bemerkung|bemerkungen|anmerkung|anmerkungen|beschreibung|nachrichtentext|wie können wir ihnen helfen|wie können wir helfen"
        "|projektbeschreibung|text der nachricht|inhalt|wunsch|hinweise|votre message|commentaire|commentaires|demande|votre demande|question s|votre question"
        "|contenu du message|comment pouvons nous vous aider|comment pouvons-nous vous aider|description du projet|précisions|mensaje|tu mensaje|su mensaje"
        "|comentario|comentarios|consulta|tu consulta|pregunta|descripción|observaciones|cuerpo del mensaje|en qué podemos ayudarte|cómo podemos ayudarte"
        "|messaggio|il tuo messaggio|commento|commenti|richiesta|la tua richiesta|domanda|descrizione|note aggiuntive|testo del messaggio"
        "|come possiamo aiutarti|bericht|uw bericht|je bericht|opmerking|opmerkingen|vraag|uw vraag|je vraag|vragen|toelichting|omschrijving|boodschap"
        "|hoe kunnen we u helpen|hoe kunnen we je helpen|mensagem|sua mensagem|a sua mensagem|comentário|comentários|dúvida|pergunta|descrição|observações"
        "|como podemos ajudar|wiadomość|treść wiadomości|meddelande|ditt meddelande|meddelelse|besked|melding|din besked|din melding|viesti|zpráva|správa"
        "|message text|your message to us|customer message|leave a message|message content|ihre nachricht an uns|nachricht an uns|deine anfrage"
        "|ihr kommentar|ihre mitteilung an uns|worum geht es|was können wir für sie tun|ihr text|freitext|sonstiges|weitere informationen"
        "|zusätzliche informationen|zusätzliche angaben|deine frage|texte|texte du message|votre texte|message complémentaire|informations complémentaires"
        "|remarques|remarque|détails|détails de la demande|votre projet|su consulta|comentarios adicionales|texto|texto del mensaje|detalle|detalles"
        "|información adicional|solicitud|tu solicitud|su solicitud|cuéntanos|testo|dettagli|osservazioni|informazioni aggiuntive|il suo messaggio"
        "|la sua richiesta|descrivi la tua richiesta|bericht tekst|uw opmerking|aanvullende informatie|uw aanvraag|jouw bericht|jouw vraag"
        "|omschrijving van uw vraag|texto da mensagem|detalhes|informações adicionais|conteúdo|solicitação|sua dúvida|o seu pedido|pedido|treść|twoja wiadomość"
        "|zapytanie|treść zapytania|uwagi|komentarz|pytanie|what do you need|what can we do for you|how may we help you|how may we help|how can i help"
        "|tell us more|tell us about yourself|anything else|anything else you'd like to share|was möchten sie uns mitteilen|que pouvons nous faire pour vous"
        "|en quoi pouvons nous vous aider|en que podemos ayudarle|en qué podemos ayudarle|come possiamo aiutarla|waarmee kunnen we u helpen"
        "|waarmee kunnen we je helpen|como podemos ajudá lo|em que podemos ajudar|w czym możemy pomóc|project brief|special requests|initial message"
        "|message to the agent",
    "subject": "reason for contacting us|betreff der anfrage|motif|motif de la demande|motif de contact|betreff ihrer anfrage|subject|your subject|topic|reason|reason for contact|regarding|title of message|betreff|thema|grund der anfrage|betrifft|objet|sujet|votre sujet"
        "|objet de la demande|objet du message|asunto|tema|motivo|oggetto|argomento|onderwerp|assunto|temat|ämne|emne|aihe|předmět|predmet|message subject"
        "|email subject|subject line|ihr betreff|anfragegrund|anliegen thema|titre|titre du message|sujet du message|votre objet|asunto del mensaje"
        "|motivo de la consulta|motivo de contacto|motivo del contatto|oggetto del messaggio|oggetto della richiesta|titolo|titel van het bericht|betreft"
        "|uw onderwerp|assunto da mensagem|motivo do contato|motivo do contacto|tytuł|temat wiadomości|reason for your enquiry|enquiry subject|type of enquiry"
        "|enquiry type|inquiry type|objet de votre message|objet de votre demande|thema der anfrage|art der anfrage",
    "url": "website|web site|url|homepage|web|webseite|internetseite|internet|site web|site internet|site|sitio web|página web|pagina web|sito|sito web"
        "|sito internet|website url|company website|your website|website adresse|webadresse|web address|strona www|hemsida|hjemmeside|kotisivu|website link"
        "|company url|website address|ihre website|ihre webseite|deine website|internetadresse|firmenwebsite|www|votre site web|votre site|site de l'entreprise"
        "|tu web|su web|tu sitio web|url del sitio|il tuo sito|indirizzo web|sito aziendale|uw website|je website|webadres|seu site|site da empresa"
        "|endereço do site|o seu website|strona internetowa|adres strony|adres www|website homepage",
    "street": "straße hausnr|straße & hausnr|strasse hausnr|street|street address|address line 1|straße|strasse|straße und hausnummer|straße hausnummer|straße nr|strasse nr|str|rue|calle|via|straat"
        "|straat en huisnummer|morada|rua|ulica|gata|gade|katuosoite|street name|street and number|street no|street number|address 1|address line"
        "|straße & hausnummer|straße + hausnummer|str nr|strasse hausnummer|strasse und nr|straße und nr|straßenname|rue et numéro|n° et rue|numéro et rue"
        "|adresse ligne 1|ligne d'adresse 1|calle y número|domicilio|via e numero|via e numero civico|indirizzo e numero civico|straatnaam|straat en nummer"
        "|straat + huisnummer|adresregel 1|rua e número|logradouro|ulica i numer|ulica i nr domu|gateadresse|gatuadress|vejnavn",
    "address": "address|anschrift|adresse|adresse postale|dirección|direccion|indirizzo|adres|endereço|postal address|mailing address|full address|your address"
        "|home address|ihre adresse|ihre anschrift|wohnadresse|postanschrift|votre adresse|adresse complète|adresse du bien|dirección postal|dirección completa"
        "|tu dirección|domicilio completo|il tuo indirizzo|indirizzo completo|residenza|uw adres|volledig adres|adresgegevens|seu endereço|endereço completo"
        "|adres pocztowy|adres zamieszkania|adresa|adress",
    "postcode_city": "plz ort|plz / ort|plz, ort|plz und ort|plz + ort|plz & ort|plz stadt|plz wohnort|postleitzahl ort|postleitzahl und ort|postleitzahl / ort|zip city"
        "|zip code city|postcode city|postcode and city|postcode town|code postal ville|code postal et ville|cp ville|cp et ville|código postal y ciudad"
        "|cp población|cp ciudad|c p población|código postal y población|cap città|cap e città|cap località|cap comune|postcode plaats|postcode woonplaats"
        "|postcode en plaats|postcode en woonplaats|código postal localidade|cep cidade|kod pocztowy i miejscowość|kod pocztowy miasto|kod pocztowy i miasto"
        "|postnummer og by|postnr by|postnummer ort",
    "postcode": "c p|c.a.p.|postcode|post code|zip|zip code|zipcode|postal code|zip postal code|plz|postleitzahl|code postal|código postal|codigo postal|cp|cap|codice postale"
        "|código postal cep|cep|kod pocztowy|postnummer|postinumero|psč|zip postcode|postcode zip|eircode|pin code|ihre plz|votre code postal|cod postal"
        "|cod postale|uw postcode|postnr",
    "city": "city|town|city town|ort|stadt|wohnort|ville|ciudad|población|localidad|città|comune|plaats|woonplaats|cidade|miasto|kaupunki|město|localidade"
        "|city / town|ortschaft|ihr ort|stadt ort|stadt / ort|votre ville|localité|commune|ciudad población|municipio|tu ciudad|citta|comune di residenza"
        "|località|gemeente|sua cidade|município|miejscowość|by sted|postort|suburb|stad|by / sted",
    "state": "state|province|region|county|state province|bundesland|kanton|département|région|provincia|regione|provincie|estado|distrito|comunidad autónoma"
        "|bundesland kanton|province état|provincia estado|unidade federativa|uf|województwo|county state|state region",
    "country": "country|land|staat|pays|país|pais|paese|nazione|kraj|maa|země|krajina|country region|your country|ihr land|votre pays|tu país|su país|paese nazione"
        "|uw land|seu país|country of residence|land staat|nation",
    "product": "service|services|leistung|servizio|serviço|servicio|dienst|product service|which service are you interested in|service required|services required|service of interest|gewünschte leistung|produkt dienstleistung|dienstleistung|prestation|service souhaité|servicio de interés|servicio solicitado|servizio richiesto|servizi|product dienst|gewenste dienst|serviço desejado|produkt usługa|usługa|product|products|product of interest|interested in|i am interested in|produkt|produkte|interesse an|produit|producto|prodotto|produto|interested product|product name|which product are you interested in|gewünschtes produkt|welches produkt interessiert sie|produit souhaité|produit concerné|productos|producto de interés|prodotto di interesse|prodotti|gewenst product|produto de interesse|interested products",
    "quantity": "quantity|qty|number of units|menge|anzahl|stückzahl|quantité|cantidad|quantità|aantal|quantidade|number of items|número de unidades|numero di pezzi"
        "|ilość|liczba",
    "budget": "budget in €|budget in euro|geschätztes budget|budget approximatif|budget max|budget|your budget|project budget|estimated budget|budget range|ihr budget|budgetrahmen|votre budget|presupuesto|orçamento|verba|what is your budget"
        "|what's your budget|budget €|budget eur|budget approx|ungefähres budget|budget en euros|budget estimé|budget prévu|presupuesto aproximado"
        "|presupuesto estimado|budget previsto|budget disponibile|geschat budget|uw budget|orçamento previsto|orçamento estimado|budżet|preisvorstellung"
        "|investissement|verfügbares budget",
    "date": "date|preferred date|desired date|wunschtermin|datum|date souhaitée|fecha|data|gewenste datum|datum und uhrzeit|submitted on|submission date"
        "|submitted at|eingegangen am|gesendet am|date de soumission|event date|appointment date|date requested|preferred day|wunschdatum|gewünschter termin"
        "|gewünschtes datum|terminwunsch|datum der anfrage|date de l'événement|date de rendez vous|date souhaitee|date de la demande|fecha deseada"
        "|fecha preferida|fecha del evento|fecha de envío|data desiderata|data richiesta|data preferita|data di invio|voorkeursdatum|datum aanvraag"
        "|data desejada|data preferida|data do evento|data de envio|preferowana data|termin|date submitted|date of submission|date soumis|submitted"
        "|absendedatum|date_submitted|date d'envoi|verzonden op|enviado el|inviato il|enviado em|received|received at|received on|created at|date time"
        "|date/time|datum/uhrzeit|datum / uhrzeit|date et heure|fecha y hora|data e ora|datum en tijd|data e hora|timestamp|zeitstempel|submission time",
    "time": "time|uhrzeit|heure|hora|ora|tijd|preferred time|desired time|wunschuhrzeit|zeit|heure souhaitée|hora preferida|ora preferita|gewenste tijd|godzina"
        "|time_submitted|time submitted",
    "language": "language|sprache|langue|idioma|lingua|taal|preferred language|your language|bevorzugte sprache|langue préférée|idioma preferido|lingua preferita"
        "|voorkeurstaal|język",
    "source": "source|how did you hear about us|how did you find us|where did you hear about us|wie sind sie auf uns aufmerksam geworden|comment nous avez vous connu"
        "|comment nous avez-vous connus|cómo nos conociste|come ci hai conosciuto|hoe heeft u ons gevonden|como nos conheceu|lead source|herkunft"
        "|how did you find out about us|how did you hear about our company|where did you find us|wie haben sie von uns erfahren|wie haben sie uns gefunden"
        "|woher kennen sie uns|aufmerksam geworden durch|wodurch sind sie auf uns aufmerksam geworden|comment avez vous entendu parler de nous"
        "|comment avez vous connu notre société|cómo nos ha conocido|cómo nos has conocido|cómo supo de nosotros|dove ci hai conosciuto|come ci hai trovato"
        "|come sei venuto a conoscenza di noi|hoe heb je ons gevonden|hoe bent u bij ons terechtgekomen|hoe kent u ons|como soube de nós|como nos encontrou"
        "|como conheceu a nossa empresa|skąd o nas wiesz|skąd dowiedział się pan o nas|how did you hear of us|how did you learn about us|referred by"
        "|traffic source",
    "consent": "consent|gdpr|gdpr agreement|privacy|privacy policy|datenschutz|einwilligung|datenschutzerklärung|dsgvo|rgpd|consentement|consentimiento|privacidad"
        "|consenso|toestemming|consentimento|acceptance|privacy consent|data protection|terms|terms and conditions|i agree|i accept|agb|datenschutzhinweise"
        "|datenschutz akzeptiert|zustimmung|datenschutz zustimmung|newsletter consent|politique de confidentialité|j'accepte|conditions|acceptation|aviso legal"
        "|acepto|política de privacidad|protección de datos|accetto|informativa privacy|trattamento dati|privacy policy accettata|privacyverklaring|akkoord"
        "|privacybeleid|aceito|política de privacidade|lgpd|termos|zgoda|rodo|polityka prywatności|privacy statement|marketing consent",
    "form": "form|form name|form title|formular|formularname|formulaire|formulario|modulo|formulier|formulário|form id|formulaire utilisé|name des formulars"
        "|nom du formulaire|nombre del formulario|nome del modulo|nome modulo|formuliernaam|nome do formulário|nazwa formularza|formularz|form used"
        "|form submitted",
    "page_url": "url della pagina|url pagina|adresse de la page|dirección de la página|page submitted on|submitted on page|page url|page|form page|page link|source url|referer|referrer|seite|seiten url|quelle url|url de la page|url de la página|pagina url|sent from page"
        "|landing page|url der seite|submitted from|source page|conversion page|entry url|entry source|seite url|formularseite|gesendet von seite"
        "|url der formularseite|url der anfrage|page d'origine|page source|página|página de origen|url de origen|pagina|pagina di provenienza|verzonden vanaf"
        "|url da página|página de origem|adres url strony|url strony|strona formularza|page submitted on"
        "|http referer|http referrer|sent from|verweis|referral url|entry page|pagina web|form url",
    "ip": "ip distante|ip remota|ip remoto|remote address|extern ip|externe ip|remote ip adresse|ip|ip address|remote ip|user ip|ip adresse|ip-adresse|ip adres|adresse ip|dirección ip|indirizzo ip|sender ip|ip address of sender|sender's ip"
        "|user ip address|client ip|visitor ip|ip_address|ip des absenders|ip adresse des absenders|adresse ip de l'expéditeur|ip del usuario|ip del remitente"
        "|indirizzo ip mittente|ip do usuário|endereço ip|adres ip|ip adresa|submitter ip|ip de l'utilisateur|remote addr|dirección ip del remitente",
    "user_agent": "agent utilisateur|agente de usuario|agente utente|agente do usuário|user agent browser os|user agent|useragent|browser|browser info|user agent string|browser os|browser platform|device browser|navigateur|navegador|browser utilizzato"
        "|http user agent|przeglądarka",
    "utm_source": "utm source",
    "utm_medium": "utm medium",
    "utm_campaign": "utm campaign",
    "utm_term": "utm term",
    "utm_content": "utm content",
    "gclid": "gclid|google click id",
    "fbclid": "fbclid",
    "msclkid": "msclkid",
    "ttclid": "ttclid",
}

# Keys that make a form one when several of them stand together.
WHO = ("name", "first_name", "last_name", "company")
REACHED = ("email", "phone", "mobile")
SAID = ("message", "subject", "product", "budget", "street", "address", "postcode_city", "city", "postcode", "country", "salutation", "quantity")
# What is asked about the visitor: never asked twice, so a second one inside a message is the visitor's own text.
PERSON = ("name", "first_name", "last_name", "salutation", "email", "phone", "mobile", "fax", "company", "job_title", "street", "address", "postcode_city", "postcode", "city", "state", "country", "url")
# What a site adds by itself: hardly ever a line of somebody's message.
TECHNICAL = ("page_url", "ip", "user_agent", "form", "consent", "source", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "gclid", "fbclid", "msclkid", "ttclid", "language")
# Values of these go on over blank lines.
LONG = ("message",)

# Labels of a message that give way where another field of the same form is plainly the message.
WEAK_MESSAGE = (
    "question|questions|your question|request|your request|inquiry|enquiry|your enquiry|your inquiry|inquiry details|description|details|text|note|notes|body|content|remark|remarks|feedback|additional information|additional comments|anything else|tell us more|special requests|comments|comment|"
    "frage|fragen|ihre frage|deine frage|anfrage|ihre anfrage|deine anfrage|anliegen|ihr anliegen|dein anliegen|bemerkung|bemerkungen|anmerkung|anmerkungen|beschreibung|inhalt|wunsch|hinweise|sonstiges|weitere informationen|zusatzliche informationen|zusatzliche angaben|worum geht es|kommentar|kommentare|projektbeschreibung|"
    "demande|votre demande|question s|votre question|precisions|remarque|remarques|details|details de la demande|informations complementaires|votre projet|commentaire|commentaires|consulta|tu consulta|su consulta|pregunta|descripcion|observaciones|detalle|detalles|solicitud|tu solicitud|su solicitud|informacion adicional|comentario|comentarios|comentarios adicionales|"
    "richiesta|la tua richiesta|la sua richiesta|domanda|descrizione|note aggiuntive|note|osservazioni|dettagli|informazioni aggiuntive|commento|commenti|vraag|uw vraag|je vraag|jouw vraag|vragen|toelichting|omschrijving|opmerking|opmerkingen|uw opmerking|aanvullende informatie|duvida|sua duvida|pergunta|descricao|observacoes|detalhes|informacoes adicionais|pedido|solicitacao|comentarios|uwagi|komentarz|pytanie"
)

# One word of a longer label that says what it is, where the whole label is not known.
WORDS: dict[str, str] = {
    "email": "email|mail|emailadresse|mailadresse|courriel|correo|emailadres|mailadres",
    "mobile": "mobile|handy|handynummer|mobilnummer|cellulare|celular|telemovel|whatsapp|mobiel",
    "phone": "phone|telephone|telefon|telefonnummer|rufnummer|telephone|telefono|telefoon|telefoonnummer|telefone",
    "message": "message|nachricht|mitteilung|mensaje|messaggio|bericht|mensagem|comments|anliegen|anfrage|kommentar|commentaire|comentario|comentarios|commento|opmerkingen|opmerking|inquiry|enquiry|requirements|need|wiadomosc",
    "company": "company|firma|unternehmen|firmenname|entreprise|societe|empresa|azienda|bedrijf|bedrijfsnaam|organisation|organization|organisatie",
}

# Labels that mean the whole name, or half of it where the other half has a field of its own.
WHOLE_OR_HALF = {"name": "last_name", "nom": "last_name", "nombre": "first_name", "nome": "first_name", "naam": "last_name", "nombres": "first_name", "ihr name": "last_name", "votre nom": "last_name"}

# Contact Form 7's first line, `From: Anna <anna@…>`, in the languages of its templates.
FROM = "from|von|de|da|van|od|fra|fran|lahettaja|expediteur|absender|remitente|mittente|afzender|remetente|nadawca|odesilatel"

# The two cells above a table of answers, in any order of languages.
TABLE_HEADS = "field|value|question|answer|label|feld|wert|angabe|eingabe|frage|antwort|feldname|champ|valeur|question|reponse|campo|valor|pregunta|respuesta|valore|domanda|risposta|veld|waarde|vraag|antwoord|pergunta|resposta|pole|wartosc|name|entry|your answer|submitted value|details|information|angaben"

# Labels of what a plugin says about itself: no field.
POWERED = "powered by|propulsé par|betrieben von|bereitgestellt von|unterstützt von|desarrollado por|funciona con|con tecnología de|offerto da|creato con|mogelijk gemaakt door|aangedreven door|desenvolvido por|com tecnologia de|obsługiwane przez"

# Answers that say a field was left empty.
EMPTY = "(empty)|(leer)|(vide)|(vacío)|(vacio)|(vuoto)|(leeg)|(vazio)|(pusty)|[empty]|[leer]|n/a|(not set)|(not provided)|(keine angabe)|(none)|(no value)|(not answered)"
