"""How people close a mail and what they are called in its signature: data only.

CLOSINGS stand alone on a line above a name. COMPANY ends or stands in the name of a company. TITLES are words of what
somebody does there. LABELS say what stands behind them in a signature.
"""

from __future__ import annotations

CLOSINGS: dict[str, str] = {
    "en": "best regards|kind regards|regards|best|best wishes|warm regards|warmest regards|kindest regards|many thanks|thanks|thank you|thanks in advance|many thanks and best regards|thanks and regards|thanks & regards|thanks and best regards|with best regards|with kind regards|sincerely|sincerely yours|yours sincerely|yours faithfully|yours truly|cheers|all the best|respectfully|cordially|with best wishes|thanks again|best regards from|br|rgds|kr|thank you and best regards|looking forward to hearing from you",
    "de": "mit freundlichen grüßen|mit freundlichen grüssen|mit freundlichem gruß|mit freundlichem gruss|freundliche grüße|freundliche grüsse|freundlicher gruß|freundlichen gruß|viele grüße|viele grüsse|vielen dank und viele grüße|beste grüße|beste grüsse|besten gruß|schöne grüße|schöne grüsse|liebe grüße|liebe grüsse|herzliche grüße|herzliche grüsse|herzlichst|mfg|lg|vg|bg|gruß|grüße|grüsse|gruss|hochachtungsvoll|mit besten grüßen|mit besten grüssen|mit herzlichen grüßen|viele liebe grüße|sonnige grüße|vielen dank|danke|danke und gruß|danke und viele grüße|vielen dank und freundliche grüße|besten dank|mit bestem dank|mit vielen grüßen|mit freundlichen grüßen aus köln|ihr|ihre|dein|deine",
    "fr": "cordialement|bien cordialement|très cordialement|bien à vous|sincères salutations|salutations distinguées|meilleures salutations|salutations|cdlt|cdt|bonne journée|belle journée|amicalement|respectueusement|merci d'avance|merci par avance|merci|je vous remercie|avec mes remerciements|veuillez agréer mes salutations distinguées|bien sincèrement|à bientôt|bonne réception|bien cdlt|meilleurs messages|avec mes salutations distinguées",
    "es": "saludos|un saludo|saludos cordiales|atentamente|cordialmente|un cordial saludo|reciba un cordial saludo|un abrazo|muchas gracias|gracias|gracias de antemano|quedo a la espera|atte|saludos atentos|le saluda atentamente|con un cordial saludo|saludos y gracias|gracias y saludos|muchas gracias y un saludo",
    "it": "cordiali saluti|distinti saluti|saluti|un saluto|un cordiale saluto|cordialmente|a presto|grazie|grazie mille|ringraziando|i migliori saluti|con i migliori saluti|grazie e cordiali saluti|grazie e saluti|in attesa di riscontro|cari saluti|buona giornata|la saluto cordialmente",
    "nl": "met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|vriendelijke groeten|hartelijke groet|hartelijke groeten|groeten|groet|groetjes|mvg|met hartelijke groet|hoogachtend|bedankt|alvast bedankt|dank|bij voorbaat dank|met beste groeten|beste groeten",
    "pt": "atenciosamente|cumprimentos|com os melhores cumprimentos|melhores cumprimentos|os melhores cumprimentos|cordialmente|abraços|abraço|um abraço|obrigado|obrigada|muito obrigado|muito obrigada|grato|grata|att|atte|saudações|cordiais saudações|desde já agradeço|com estima|saudações cordiais|respeitosamente",
    "pl": "pozdrawiam|z poważaniem|serdecznie pozdrawiam|pozdrowienia|z wyrazami szacunku|dziękuję|z pozdrowieniami|łączę wyrazy szacunku|pozdrawiam serdecznie|dziękuję i pozdrawiam",
    "sv": "med vänlig hälsning|med vänliga hälsningar|vänliga hälsningar|vänlig hälsning|hälsningar|mvh|bästa hälsningar|tack|varma hälsningar",
    "da": "med venlig hilsen|venlig hilsen|venlige hilsner|mange hilsner|de bedste hilsner|hilsen|mvh|tak|bedste hilsner|på forhånd tak",
    "no": "med vennlig hilsen|vennlig hilsen|beste hilsen|hilsen|mvh|takk|på forhånd takk|med beste hilsen",
    "fi": "ystävällisin terveisin|terveisin|parhain terveisin|kiitos|t|yt|kunnioittavasti|terveisiä",
    "cs": "s pozdravem|s přátelským pozdravem|děkuji|s úctou|přeji hezký den|zdravím|hezký den|děkuji a přeji hezký den",
    "sk": "s pozdravom|s priateľským pozdravom|ďakujem|s úctou|pekný deň",
    "hu": "üdvözlettel|tisztelettel|köszönettel|köszönöm|baráti üdvözlettel|szívélyes üdvözlettel",
    "ro": "cu stimă|cu respect|mulțumesc|toate cele bune|o zi bună|cu cele mai bune gânduri|mulțumesc anticipat",
    "hr": "srdačan pozdrav|s poštovanjem|lijep pozdrav|pozdrav|hvala|lp",
    "tr": "saygılarımla|iyi çalışmalar|teşekkürler|sevgiler|saygılar|iyi günler",
}

# The legal forms of companies, as words at the end of a name or inside it; dots and blanks do not count.
COMPANY: dict[str, str] = {
    "en": "ltd|limited|llc|llp|plc|inc|incorporated|corp|corporation|company|co|pty ltd|pte ltd|lp|& co|& sons|& partners|group|holding|holdings|pllc",
    "de": "gmbh|gmbh & co kg|mbh|ag|kg|ohg|gbr|ug|ug haftungsbeschränkt|kgaa|e k|ek|e v|ev|e g|eg|se|gesmbh|gesellschaft m b h|partg|partg mbb|stiftung|genossenschaft",
    "fr": "sarl|s a r l|sas|s a s|sasu|eurl|snc|sci|scop|s a|selarl|ets|établissements",
    "es": "s l|sl|s l u|slu|s a u|sau|s a|sl p|s coop|sociedad limitada|sociedad anónima",
    "it": "s r l|srl|srls|s r l s|s p a|spa|s a s|s n c|snc|sas di|società cooperativa|soc coop",
    "nl": "b v|bv|n v|nv|v o f|vof|bvba|cv|b v b a",
    "pt": "lda|ltda|unipessoal lda|s a|eireli|me|epp",
    "pl": "sp z o o|sp zoo|sp k|sp j|s k a|spółka z o o|spółka akcyjna",
    "other": "ab|as|a s|aps|oy|oyj|asa|s r o|sro|spol s r o|kft|zrt|bt|d o o|doo|ood|eood|srl|oü|sia|uab|kk|k k|sarl au|sàrl|a ş|ltd şti|pvt ltd|sdn bhd|gmbh & co",
}
COMPANY_INSIDE = "gmbh|s.r.l.|s.p.a.|s.a.r.l.|sarl|b.v.|lda|ltda|sp. z o.o.|ltd|llc|s.l.|s.r.o.|kft|aps"

# Words of what somebody does; a line of at most seven words with one of them is a title.
TITLES: dict[str, str] = {
    "en": "manager|director|head of|chief|ceo|cto|cfo|coo|cmo|cio|president|vice president|vp|officer|engineer|developer|consultant|assistant|sales|account executive|executive|founder|co-founder|cofounder|owner|partner|lead|specialist|coordinator|analyst|architect|designer|representative|buyer|purchasing|procurement|secretary|accountant|attorney|advisor|adviser|supervisor|administrator|associate|managing director|marketing|operations|product owner|technician|professor|lecturer|editor|agent|broker",
    "de": "geschäftsführer|geschäftsführerin|geschäftsführung|leiter|leiterin|leitung|vertrieb|vertriebsleiter|vertriebsleiterin|vertriebsmitarbeiter|vertriebsinnendienst|vertriebsaußendienst|innendienst|außendienst|einkauf|einkäufer|einkäuferin|einkaufsleiter|einkaufsleitung|projektleiter|projektleiterin|projektleitung|projektmanager|projektmanagerin|bereichsleiter|abteilungsleiter|abteilungsleiterin|abteilungsleitung|teamleiter|teamleiterin|inhaber|inhaberin|prokurist|prokuristin|assistenz|assistentin|assistent|sachbearbeiter|sachbearbeiterin|sachbearbeitung|berater|beraterin|kundenberater|kundenberaterin|kundenbetreuung|ingenieur|ingenieurin|entwickler|entwicklerin|buchhaltung|sekretariat|vorstand|vorsitzender|vorsitzende|referent|referentin|meister|meisterin|architekt|architektin|rechtsanwalt|rechtsanwältin|steuerberater|steuerberaterin|marketing|personal|personalleiter|technischer|kaufmännischer|verwaltung|hausverwaltung|disposition|key account|filialleiter|filialleiterin|gesellschafter",
    "fr": "directeur|directrice|gérant|gérante|responsable|chef de|cheffe de|chargé|chargée|commercial|commerciale|ingénieur|ingénieure|assistant|assistante|acheteur|acheteuse|président|présidente|conseiller|conseillère|consultant|consultante|architecte|avocat|avocate|comptable|secrétaire|technicien|technicienne|fondateur|fondatrice|attaché|attachée|dirigeant|dirigeante|pdg|dg",
    "es": "director|directora|gerente|responsable|jefe de|jefa de|jefe|comercial|ingeniero|ingeniera|asistente|comprador|compradora|presidente|presidenta|consejero|consejera|consultor|consultora|arquitecto|arquitecta|abogado|abogada|contable|secretario|secretaria|técnico|técnica|fundador|fundadora|administrador|administradora|encargado|encargada|asesor|asesora|departamento de|ventas|compras",
    "it": "direttore|direttrice|responsabile|amministratore|amministratrice|titolare|ufficio|commerciale|ingegnere|assistente|acquisti|presidente|consulente|architetto|avvocato|contabile|segretario|segretaria|tecnico|fondatore|fondatrice|capo|vendite|addetto|addetta|geometra|agente",
    "nl": "directeur|manager|hoofd|verkoop|verkoper|inkoper|inkoop|adviseur|medewerker|ingenieur|eigenaar|projectleider|accountmanager|assistent|secretaresse|boekhouder|architect|advocaat|oprichter|teamleider|commercieel|bedrijfsleider|zaakvoerder|vertegenwoordiger",
    "pt": "diretor|diretora|gerente|responsável|chefe|comercial|engenheiro|engenheira|assistente|comprador|compradora|presidente|consultor|consultora|arquiteto|arquiteta|advogado|advogada|contabilista|contador|contadora|secretário|secretária|técnico|técnica|fundador|fundadora|sócio|sócia|administrador|administradora|coordenador|coordenadora|vendas|compras|vendedor|vendedora|gestor|gestora",
    "pl": "dyrektor|kierownik|prezes|menedżer|specjalista|specjalistka|właściciel|właścicielka|handlowiec|doradca|inżynier|asystent|asystentka|księgowy|księgowa|sekretariat|przedstawiciel|koordynator|główny",
    "other": "direktör|säljare|inköpare|vd|försäljningschef|projektledare|direktør|sælger|salgschef|indkøber|daglig leder|selger|salgssjef|innkjøper|toimitusjohtaja|myyntipäällikkö|ředitel|ředitelka|jednatel|obchodní|obchodný|konateľ|riaditeľ|igazgató|ügyvezető|vezető|értékesítő|director general|şef|müdür|müdürü|uzmanı|direktor|voditelj|vodja",
}

# What stands before a number or an address in a signature.
LABELS: dict[str, str] = {
    "phone": "t|tel|telef|telf|telefon|phone|telephone|office|direct|direct line|direct dial|landline|festnetz|durchwahl|dw|büro|zentrale|fon|p|ph|d|o|tél|téléphone|fixe|standard|ligne directe|teléfono|tlf|tfno|fijo|oficina|centralita|telefono|ufficio|diretto|telefoon|kantoor|vast|doorkiesnummer|telefone|fixo|escritório|tel kom|tlf nr|telefonnummer|puh|puhelin|tfn|telefonszám|work|call|phone number|tel nr|tel direkt|telefonzentrale|tel no|rufnummer",
    "mobile": "m|mob|mobil|mobile|cell|cellphone|cell phone|mobile phone|handy|mobiltelefon|funk|portable|gsm|port|móvil|movil|celular|cel|cellulare|cell.|mobiel|telemóvel|tlm|telemovel|kom|komórka|tel kom|mobiltelefonnummer|gsm nummer|whatsapp|wa|natel|matkapuhelin|mobil nr|mobiltel|c",
    "fax": "f|fax|telefax|facsimile|fax nr|fax no|faks|télécopie|faksi",
    "email": "e|e mail|email|mail|courriel|mél|correo|posta|e post|epost|sähköposti",
    "website": "w|web|website|www|url|internet|homepage|site|site web|sitio web|web site|sito|sito web|webseite|strona",
    "address": "a|address|adresse|anschrift|add|dirección|direccion|indirizzo|adres|bezoekadres|endereço|morada|adress|sede|office address",
    "company": "company|firma|unternehmen|société|empresa|azienda|bedrijf|organisation|organization|företag|společnost",
    "title": "position|title|job title|funktion|function|fonction|cargo|ruolo|functie|stanowisko|titel",
    "name": "name|nom|nombre|nome|naam|contact",
}

# Lines about the company that say nothing about how to reach the person.
REGISTERS = "ust|ust id|ust idnr|ustid|umsatzsteuer|umsatzsteuer id|steuernr|steuernummer|st nr|hrb|hra|amtsgericht|registergericht|handelsregister|sitz der gesellschaft|sitz|gerichtsstand|geschäftsführer|geschäftsführerin|geschäftsführung|vorstand|aufsichtsrat|vorsitzender|iban|bic|swift|bank|bankverbindung|konto|blz|vat|vat no|vat number|vat id|company number|company no|registered|registered office|reg no|registration|siret|siren|rcs|tva|tva intracommunautaire|capital|ape|naf|cif|nif|inscrita|registro mercantil|p iva|partita iva|c f|codice fiscale|cap soc|rea|kvk|btw|nip|regon|krs|ico|ičo|dic|dič|org nr|cvr|y tunnus|persönlich haftende|komplementärin|hours|öffnungszeiten|horaires|horario|skype|linkedin|xing|facebook|twitter|instagram|meeting|termin buchen|book a meeting"
SOCIAL = "linkedin.|facebook.|xing.|instagram.|twitter.|x.com|youtube.|tiktok.|pinterest.|calendly.|wa.me|goo.gl|maps.|google.|outlook.|aka.ms|apple.com|microsoft.com|avast.|proofpoint"

# Words between a closing and a name, or before a name: they are no part of it.
BEFORE_NAMES = "i. a.|i.a.|i. v.|i.v.|ppa.|ppa|im auftrag|in vertretung|p.o.|p.p."
DEGREES = "dr|prof|dipl ing|dipl kfm|dipl betriebsw|mag|ing|msc|bsc|mba|ma|ba|phd|med|jur|rer nat|herr|frau|mr|mrs|ms|mme|m|sr|sra|dott|dott ssa|avv|arch|drs|ir|mgr|inż|mudr|bc|dipl"
# What else is put below a signature that says nothing about a person.
BELOW = "please consider|think before|before printing|bitte denken|bitte prüfen|bevor sie|informationen zum datenschutz|avant d'imprimer|pensez à|antes de imprimir|prima di stampare|denk aan"
