"""How form notifications give themselves away, and where their fields end: data only, lower case.

en de fr es it nl pt, and what is sure of pl. SURE is what nobody but a form says; MAYBE also stands in ordinary mail
(somebody may write about a contact form), so it only counts where the rows are a form's rows.
"""

from __future__ import annotations

SURE = (
    "form submission|e-mail de contact envoyé via|courriel de contact via|consulta por correo electrónico vía|richiesta informazioni inviata da|contactformulier e-mail via|e-mail de contacto via|e-mail de contato via|wiadomość z formularza kontaktowego|thanks for filling out|here's what was received|here's what you submitted|new submission|new entry:|new form entry|just submitted"
    "|has been submitted|was submitted|submitted the form|submitted a form|submitted your form|filled out the form|filled in the form|filled out your form"
    "|completed the form|completed your form|new response for|new response to|has a new response|received a new response|a new response|new form response"
    "|here are the details of your submission|sent from a contact form|sent from the contact form|sent via the contact form|sent via form|submitted through"
    "|new message from your|new web lead|a notification that a contact form|you have a new message|you've received a new|you have received a new"
    "|you received a new message|you've got a new|submitted values are|submitted information:|here's what they had to say|this is an enquiry email"
    "|is an enquiry e-mail|powered by: elementor|anfrage über|anfrage aus dem|anfrage von der website|anfrage von ihrer|kontaktanfrage von"
    "|neue kontaktanfrage|neue nachricht über|nachricht über das kontaktformular|neuer eintrag|neue einsendung|neue formulareinsendung|neue formularanfrage"
    "|formularnachricht|formular ausgefüllt|formular wurde|über ihr kontaktformular|vom kontaktformular|von einem kontaktformular|kontaktformular auf"
    "|kontaktformular von|kontaktformular:|aus dem kontaktformular|ihre website ausgefüllt|folgende daten wurden|eingegebenen werte|übermittelte daten"
    "|anfrage zu ihrer immobilie|anfrage zu ihrem objekt|interessentenanfrage|e-mail-anfrage via|formulaire de contact a été|via votre site"
    "|nouveau message depuis|nouveau message de votre|nouveau message du site|nouvelle soumission|nouvelle entrée|envoyé depuis le site"
    "|a rempli le formulaire|a été soumis|données soumises|desde el formulario|a través del formulario|mediante el formulario|formulario de contacto de"
    "|a través de su web|nuevo mensaje desde|nuevo envío|nueva entrada|ha enviado el formulario|datos enviados|attraverso il modulo|inviato dal sito"
    "|nuovo messaggio dal|nuovo invio|nuova voce|ha compilato|dati inviati|nieuw bericht via|nieuwe inzending|nieuwe reactie|nieuw antwoord"
    "|heeft het formulier|formulier ingevuld|ingevulde gegevens|pelo formulário|através do formulário|preencheu o formulário|dados enviados|przez formularz"
    "|nowa wiadomość ze strony|nowe zgłoszenie|wypełnił formularz|zapytanie ze strony|wiadomość wysłana przez|submitted on webflow"
)

MAYBE = (
    "contact form|contact-form|contactform|new contact|contact request|new lead|web lead|form entry|new entry|new message from|sent via your"
    "|request a quote|quote request|demo request|callback request|web form|webform|online form|enquiry form|inquiry form|booking request|typeform|jotform"
    "|elementor|wix.com|squarespace|webflow|hubspot|enquiry|inquiry|contact us|kontaktformular|kontaktanfrage|anfrageformular|webseitenanfrage"
    "|websiteanfrage|anfrage von|anfrage|formular|rückrufbitte|angebotsanfrage|terminanfrage|formulaire|formulario|formulier|formulário|formularz|formulář"
    "|formulár|kontaktformulär|kontaktskjema|yhteydenottolomake|modulo contatti|nieuw bericht|nuevo mensaje|nouveau message|nuovo messaggio|neue nachricht"
    "|on your website|from your website|demande de devis|demande de contact|solicitud de presupuesto|solicitud de información|solicitud de contacto"
    "|richiesta di preventivo|richiesta informazioni|richiesta di contatto|richiesta dal sito|offerteaanvraag|contactaanvraag|pedido de orçamento"
    "|pedido de contacto|solicitação de orçamento|solicitação de contato|novo pedido de|sur votre site|op uw website|op je website|en su sitio web"
    "|en tu sitio web|no seu site|auf ihrer website|auf ihrer webseite|sul tuo sito|through your website|enquiry from|inquiry from|nouvelle demande"
    "|neue anfrage|new enquiry|new inquiry|nuova richiesta|nieuwe aanvraag|nova solicitação|nueva consulta|nueva solicitud|website inquiry|website enquiry"
    "|web inquiry|web enquiry|website lead|new website|nouveau contact|novo contato|novo contacto|nuovo contatto|nieuw contact|nuevo contacto|neuer lead"
    "|nova mensagem|nueva respuesta|nuova risposta|nouvelle réponse|nova resposta|novo envio|nova entrada|das formular|il modulo|el formulario"
    "|le formulaire|du formulaire|het contactformulier|dal sito web|dal tuo sito|dal vostro sito|do seu site|pelo site|pelo seu site|através do site"
    "|depuis votre site|desde la web|a través de la web|desde su web|desde tu web|desde su sitio|desde tu sitio|via de website"
    "|from your online store's contact form|ze strony internetowej|nowe zapytanie|new form|neue antwort|über ihre website|über ihre webseite"
    "|über ihre homepage|von ihrer website|von ihrer webseite|anfrage über ihre|folgende angaben|via uw website|via je website|has submitted"
    "|via your website|new lead from|new contact request|new quote request|neue nachricht von|nuovo messaggio da|nieuw bericht van|nuevo mensaje de"
    "|z formularza|formularz kontaktowy|ha rellenado|modulo di contatto|form di contatto|contact form 7|wpforms|gravity forms|ninja forms|formidable forms"
    "|hubspot form|rsform|chronoforms|powermail|formspree|unbounce|netlify forms|über das kontaktformular|via le formulaire|depuis le formulaire"
    "|par le formulaire|dal modulo|dal form|tramite il form|tramite il modulo|via het contactformulier|via het formulier|through your contact form"
    "|through the contact form|using the contact form|via the contact form"
)

# A list of such data that is something else: an order, a bill, a ticket, a booking.
NEVER = (
    "order confirmation|your order|order number|invoice|receipt for|payment received|tracking number|shipment|password|booking confirmation|reservation number|ticket number|delivery note|meeting id|dial-in|agenda|minutes of|curriculum|"
    "bestellbestätigung|ihre bestellung|bestellnummer|auftragsbestätigung|rechnung|lieferschein|sendungsnummer|buchungsbestätigung|kundennummer|passwort|tagesordnung|protokoll|lebenslauf|stellenanzeige|"
    "confirmation de commande|votre commande|facture|numéro de commande|mot de passe|ordre du jour|confirmación de pedido|su pedido|tu pedido|factura|número de pedido|contraseña|orden del día|conferma d'ordine|conferma ordine|il tuo ordine|fattura|numero d'ordine|ordine del giorno|"
    "orderbevestiging|uw bestelling|je bestelling|factuur|bestelnummer|wachtwoord|confirmação de encomenda|confirmação do pedido|seu pedido|sua encomenda|fatura|número do pedido|senha|potwierdzenie zamówienia|numer zamówienia|faktura"
)

# Lines that end the fields: what plugins and sites add below.
FOOTERS = (
    "this form submitted|if you think this submission is|submitted 1|submitted 2|submitted 3|submitted 4|submitted 5|submitted 6|submitted 7|submitted 8|submitted 9|submission id|übermittelt am |eingegangen am |sent from |wenn sie glauben, dass|wenn sie denken, dass|gesendet von |inviato da |enviado de |envoyé de |envoyé par |verzonden vanuit |verstuurd vanuit |si cree que este|si vous pensez que|se pensi che|se ritieni che|als u denkt dat|als je denkt dat|se você acha|se acredita que|this e-mail was sent from|this email was sent from|this email was sent via|this e-mail was sent via|this mail was sent|this mail is sent via|this message was sent from|this message was sent via|this message was submitted|this form was submitted|this is a notification|this is an automat|this email is automat|this lead was|this enquiry was|this inquiry was|sent from (ip address)|sent by an unverified|you are receiving this|you're receiving this|you received this|to reply to this|to reply, |reply to this email|reply to this message|reply directly|simply reply|just reply|please do not reply|do not reply|(sent via|sent via |sent from a |manage submissions|manage your |view submission|view entry|view response|view all|view full|view contact|view in |view lead|view this|see all responses|see the |does this submission look like spam|report it here|mark as spam|to edit your email settings|to unsubscribe|unsubscribe|log in and view|log in to|go to |click here|powered by|©|(c) |copyright|all rights reserved|you can edit this submission|you can view|you can reply|now create your own jotform|create your own|the results of this submission may be|manage notification|edit notification|notification settings|if you don't|if you do not|sent to you by|delivered by|generated by|respond to this|open in |don't want to receive|happy marketing|happy selling|best wishes, the|the team at|your wix|team wix|get the wix|"
    "diese e-mail wurde|diese mail wurde|diese nachricht wurde|dieses e-mail wurde|diese anfrage wurde|diese e-mail ist|dies ist eine automat|diese e-mail-nachricht|diese benachrichtigung|die ergebnisse dieser|sie erhalten diese|du erhältst diese|antworten sie|um zu antworten|um auf diese|bitte antworten sie nicht|bitte nicht auf|eintrag ansehen|eintrag anzeigen|alle einträge|gesendet von einem|gesendet von der|gesendet von der website|gesendet über|versendet über|versandt über|verschickt über|übermittelt über|abgesendet von|alle rechte vorbehalten|(über|abmelden|jetzt antworten|im browser|zur anfrage|zum eintrag|ihr team von|ihr immobilien|mitteilung über|eine benachrichtigung|ein hinweis, dass|gesendet am |gesendet aus|"
    "cet e-mail a été|ce message a été|cet email a été|ce courriel a été|cette demande a été|ce mail a été|ceci est une notification|ceci est un e-mail automat|ceci est un message automat|message envoyé depuis|envoyé depuis |envoyé via|envoyé par le site|vous recevez cet|vous recevez ce|pour répondre|répondez|merci de ne pas répondre|ne pas répondre|voir la réponse|voir l'entrée|tous droits réservés|se désabonner|"
    "este correo electrónico|este correo se|este correo ha|este correo fue|este mensaje se ha|este mensaje ha sido|este mensaje fue|este e-mail|este email|este es un mensaje automát|esta es una notificación|mensaje enviado desde|enviado desde |enviado a través|enviado mediante|recibe este|has recibido este|ha recibido este|para responder|responda|no responda|por favor, no responda|ver respuesta|ver entrada|todos los derechos|darse de baja|"
    "este e-mail foi|este email foi|esta mensagem foi|este formulário foi|este pedido foi|esta é uma notificação|esta é uma mensagem automát|mensagem enviada|enviado através|enviado pelo|enviado por meio|enviado a partir|recebeu este|você está recebendo|você recebeu este|para responder|por favor, não responda|não responda|ver resposta|todos os direitos|cancelar inscrição|"
    "questa e-mail|questa email|questo messaggio|questa richiesta è|questa mail|questa è una notifica|messaggio inviato|inviato da un|inviato tramite|inviato dal |inviato attraverso|ricevi questa|hai ricevuto questa|per rispondere|rispondi|si prega di non rispondere|non rispondere|visualizza|tutti i diritti|annulla l'iscrizione|"
    "deze e-mail is|dit bericht is|dit bericht werd|deze e-mail werd|deze mail is|deze aanvraag is|dit is een automat|dit is een melding|verzonden via|verstuurd via|verzonden vanaf de|verstuurd vanaf de|u ontvangt deze|je ontvangt deze|om te antwoorden|beantwoord|niet beantwoorden|gelieve niet|bekijk |alle rechten voorbehouden|uitschrijven|"
    "ta wiadomość została|wiadomość wysłana|wysłano z formularza|wysłano przez|wysłano ze|niniejsza wiadomość|nie odpowiadaj|wszelkie prawa|zobacz "
)

# One of these with one of SURE or MAYBE, in the last lines, is a footer too, however it begins.
SENT = "sent|submitted|received|gesendet|gesandt|versendet|versandt|verschickt|übermittelt|abgesendet|abgeschickt|generiert|erstellt|envoyé|soumis|transmis|enviado|enviada|remitido|inviato|inviata|spedito|verzonden|verstuurd|ingevuld|enviado|submetido|wysłan|przesłan"

# Words of a line with a tick that say what was agreed to.
AGREED = "agree|consent|accept|privacy|terms|policy|datenschutz|einwillig|stimme zu|einverstanden|akzeptiere|agb|confidentialité|accepte|consens|rgpd|conditions|acepto|privacidad|condiciones|accetto|acconsento|privacybeleid|privacyverklaring|akkoord|ga ermee|aceito|concordo|privacidade|lgpd|dsgvo|gdpr|zgod|wyrażam|akceptuj"

# One of these words in the last line: the site signs it, not the visitor.
TEAM = "team|teams|équipe|equipo|equipe|equipa|zespół|redaktion|kundenservice|webmaster"

# Joomla's and Drupal's way: who wrote, in a sentence, then the text.
SENTENCES = "sent a message using the contact form at|sent a message using the contact form on|hat eine nachricht über das kontaktformular|eine nachricht gesendet|a envoyé un message en utilisant le formulaire|a envoyé un message via le formulaire|envió un mensaje usando el formulario|ha enviado un mensaje usando el formulario|ha inviato un messaggio utilizzando il modulo|ha inviato un messaggio tramite il modulo|heeft een bericht verzonden via het contactformulier|heeft een bericht verstuurd via het contactformulier|enviou uma mensagem usando o formulário|enviou uma mensagem através do formulário|wysłał wiadomość używając formularza|wysłał wiadomość przez formularz"
