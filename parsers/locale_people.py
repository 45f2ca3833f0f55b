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
