"""Words of dates per language: data only. Forms separated by `|`, a space in a form written `_`, folded to lower case.

MONTHS has twelve entries per language, WEEKDAYS seven (Monday first): full names, inflected forms and the
abbreviations mail programs write (CLDR). A form may mean different months in different languages (`listopada`):
`parsers.dates` then needs the language or the weekday.
"""

from __future__ import annotations

MONTHS: dict[str, str] = {
    "en": "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sep|sept"
          " october|oct november|nov december|dec",
    "de": "januar|jan|jänner|jän februar|feb|feber märz|mär|mrz|maerz april|apr mai juni|jun juli|jul august|aug"
          " september|sep|sept oktober|okt november|nov dezember|dez",
    "fr": "janvier|janv|jan février|fevrier|févr|fév|fevr mars|mar avril|avr mai juin|jun juillet|juil août|aout"
          " septembre|sept|sep octobre|oct novembre|nov décembre|decembre|déc|dec",
    "es": "enero|ene febrero|feb marzo|mar abril|abr mayo|may junio|jun julio|jul agosto|ago"
          " septiembre|sept|sep|setiembre|set octubre|oct noviembre|nov diciembre|dic",
    "it": "gennaio|gen febbraio|feb marzo|mar aprile|apr maggio|mag giugno|giu luglio|lug agosto|ago settembre|set|sett"
          " ottobre|ott novembre|nov dicembre|dic",
    "nl": "januari|jan februari|feb|febr maart|mrt april|apr mei juni|jun juli|jul augustus|aug september|sep|sept"
          " oktober|okt november|nov december|dec",
    "pt": "janeiro|jan fevereiro|fev março|marco|mar abril|abr maio|mai junho|jun julho|jul agosto|ago setembro|set"
          " outubro|out novembro|nov dezembro|dez",
    "pl": "styczeń|stycznia|sty luty|lutego|lut marzec|marca|mar kwiecień|kwietnia|kwi maj|maja czerwiec|czerwca|cze"
          " lipiec|lipca|lip sierpień|sierpnia|sie wrzesień|września|wrz październik|października|paź"
          " listopad|listopada|lis grudzień|grudnia|gru",
    "cs": "leden|ledna|led únor|února|úno březen|března|bře duben|dubna|dub květen|května|kvě červen|června|čvn"
          " červenec|července|čvc srpen|srpna|srp září|zář říjen|října|říj listopad|listopadu|lis prosinec|prosince|pro",
    "sk": "január|januára|jan február|februára|feb marec|marca|mar apríl|apríla|apr máj|mája jún|júna júl|júla"
          " august|augusta|aug september|septembra|sep október|októbra|okt november|novembra|nov december|decembra|dec",
    "da": "januar|jan februar|feb marts|mar april|apr maj juni|jun juli|jul august|aug september|sep|sept oktober|okt"
          " november|nov december|dec",
    "sv": "januari|jan februari|feb mars|mar april|apr maj juni|jun juli|jul augusti|aug september|sep|sept oktober|okt"
          " november|nov december|dec",
    "no": "januar|jan februar|feb mars|mar april|apr mai juni|jun juli|jul august|aug september|sep|sept oktober|okt"
          " november|nov desember|des",
    "fi": "tammikuu|tammikuuta|tammik|tammi helmikuu|helmikuuta|helmik|helmi maaliskuu|maaliskuuta|maalisk|maalis huhtikuu|huhtikuuta|huhtik|huhti toukokuu|toukokuuta|toukok|touko kesäkuu|kesäkuuta|kesäk|kesä heinäkuu|heinäkuuta|heinäk|heinä elokuu|elokuuta|elok|elo syyskuu|syyskuuta|syysk|syys lokakuu|lokakuuta|lokak|loka marraskuu|marraskuuta|marrask|marras joulukuu|joulukuuta|jouluk|joulu",
    "et": "jaanuar|jaan veebruar|veebr märts aprill|apr mai juuni juuli august|aug september|sept oktoober|okt"
          " november|nov detsember|dets",
    "lv": "janvāris|janvārī|janv februāris|februārī|febr marts|martā aprīlis|aprīlī|apr maijs|maijā jūnijs|jūnijā|jūn"
          " jūlijs|jūlijā|jūl augusts|augustā|aug septembris|septembrī|sept oktobris|oktobrī|okt novembris|novembrī|nov"
          " decembris|decembrī|dec",
    "lt": "sausis|sausio vasaris|vasario kovas|kovo balandis|balandžio gegužė|gegužės birželis|birželio liepa|liepos"
          " rugpjūtis|rugpjūčio rugsėjis|rugsėjo spalis|spalio lapkritis|lapkričio gruodis|gruodžio",
    "hu": "január|jan február|febr|feb március|márc|már április|ápr május|máj június|jún július|júl augusztus|aug"
          " szeptember|szept|szep október|okt november|nov december|dec",
    "hr": "siječanj|siječnja|sij veljača|veljače|velj ožujak|ožujka|ožu travanj|travnja|tra svibanj|svibnja|svi"
          " lipanj|lipnja|lip srpanj|srpnja|srp kolovoz|kolovoza|kol rujan|rujna|ruj listopad|listopada|lis"
          " studeni|studenoga|studenog|stu prosinac|prosinca|pro",
    "sl": "januar|januarja|jan februar|februarja|feb marec|marca|mar april|aprila|apr maj|maja junij|junija|jun"
          " julij|julija|jul avgust|avgusta|avg september|septembra|sep oktober|oktobra|okt november|novembra|nov"
          " december|decembra|dec",
    "ro": "ianuarie|ian februarie|feb martie|mar aprilie|apr mai iunie|iun iulie|iul august|aug septembrie|sept|sep"
          " octombrie|oct noiembrie|nov|noi decembrie|dec",
    "bg": "януари|ян февруари|февр март|мар април|апр май юни юли август|авг септември|септ октомври|окт ноември|ноем|ноемв"
          " декември|дек",
    "ru": "январь|января|янв февраль|февраля|февр|фев март|марта|мар апрель|апреля|апр май|мая июнь|июня|июн"
          " июль|июля|июл август|августа|авг сентябрь|сентября|сент|сен октябрь|октября|окт ноябрь|ноября|нояб|ноя"
          " декабрь|декабря|дек",
    "uk": "січень|січня|січ лютий|лютого|лют березень|березня|бер квітень|квітня|квіт травень|травня|трав"
          " червень|червня|черв липень|липня|лип серпень|серпня|серп вересень|вересня|вер жовтень|жовтня|жовт"
          " листопад|листопада|лист грудень|грудня|груд",
    "el": "ιανουάριος|ιανουαρίου|ιαν φεβρουάριος|φεβρουαρίου|φεβ μάρτιος|μαρτίου|μαρ|μάρ απρίλιος|απριλίου|απρ"
          " μάιος|μαΐου|μαϊου|μαΐ ιούνιος|ιουνίου|ιουν ιούλιος|ιουλίου|ιουλ αύγουστος|αυγούστου|αυγ"
          " σεπτέμβριος|σεπτεμβρίου|σεπ οκτώβριος|οκτωβρίου|οκτ νοέμβριος|νοεμβρίου|νοε δεκέμβριος|δεκεμβρίου|δεκ",
    "tr": "ocak|oca şubat|şub mart|mar nisan|nis mayıs|may haziran|haz temmuz|tem ağustos|ağu eylül|eyl ekim|eki"
          " kasım|kas aralık|ara",
    "ca": "gener|gen febrer|febr|feb març abril|abr maig juny juliol|jul agost|ag setembre|set octubre|oct novembre|nov"
          " desembre|des",
    "id": "januari|jan februari|feb maret|mar april|apr mei juni|jun juli|jul agustus|agt|agu september|sep"
          " oktober|okt november|nov desember|des",
    "sr": "januar|januara|jan|јануар|јануара|јан februar|februara|feb|фебруар|фебруара|феб mart|marta|mar|март|марта|мар"
          " april|aprila|apr|април|априла|апр maj|maja|мај|маја jun|juna|јун|јуна jul|jula|јул|јула"
          " avgust|avgusta|avg|август|августа|авг septembar|septembra|sep|септембар|септембра|сеп"
          " oktobar|oktobra|okt|октобар|октобра|окт novembar|novembra|nov|новембар|новембра|нов"
          " decembar|decembra|dec|децембар|децембра|дец",
    "mk": "јануари|јан февруари|фев март|мар април|апр мај јуни|јун јули|јул август|авг септември|септ|сеп октомври|окт"
          " ноември|ноем|ное декември|дек",
    "gl": "xaneiro|xan febreiro|feb marzo|mar abril|abr maio|mai xuño|xuñ xullo|xul agosto|ago setembro|set outubro|out"
          " novembro|nov decembro|dec",
    "eu": "urtarrila|urtarrilak|urtarrilaren|urt otsaila|otsailak|otsailaren|ots martxoa|martxoak|martxoaren|mar"
          " apirila|apirilak|apirilaren|api maiatza|maiatzak|maiatzaren|mai ekaina|ekainak|ekainaren|eka"
          " uztaila|uztailak|uztailaren|uzt abuztua|abuztuak|abuztuaren|abu iraila|irailak|irailaren|ira"
          " urria|urriak|urriaren|urr azaroa|azaroak|azaroaren|aza abendua|abenduak|abenduaren|abe",
    "is": "janúar|jan febrúar|feb mars|mar apríl|apr maí júní|jún júlí|júl ágúst|ágú september|sep|sept október|okt"
          " nóvember|nóv desember|des",
    "ms": "januari|jan februari|feb mac apr|april mei jun julai|jul ogos|ogo september|sep oktober|okt november|nov"
          " disember|dis",
    "tl": "enero|ene pebrero|peb marso|mar abril|abr mayo|may hunyo|hun hulyo|hul agosto|ago setyembre|set|sep"
          " oktubre|okt nobyembre|nob|nov disyembre|dis",
    "th": "มกราคม|ม.ค กุมภาพันธ์|ก.พ มีนาคม|มี.ค เมษายน|เม.ย พฤษภาคม|พ.ค มิถุนายน|มิ.ย กรกฎาคม|ก.ค สิงหาคม|ส.ค กันยายน|ก.ย ตุลาคม|ต.ค"
          " พฤศจิกายน|พ.ย ธันวาคม|ธ.ค",
    "he": "ינואר|בינואר|ינו|בינו פברואר|בפברואר|פבר|בפבר מרץ|במרץ|מרס|במרס אפריל|באפריל|אפר|באפר מאי|במאי יוני|ביוני"
          " יולי|ביולי אוגוסט|באוגוסט|אוג|באוג ספטמבר|בספטמבר|ספט|בספט אוקטובר|באוקטובר|אוק|באוק נובמבר|בנובמבר|נוב|בנוב"
          " דצמבר|בדצמבר|דצמ|בדצמ",
    "ar": "يناير|كانون_الثاني فبراير|شباط مارس|آذار أبريل|إبريل|ابريل|نيسان مايو|أيار يونيو|يونيه|حزيران يوليو|يوليه|تموز"
          " أغسطس|اغسطس|آب سبتمبر|أيلول أكتوبر|اكتوبر نوفمبر ديسمبر",
    "fa": "ژانویه|ژانویهٔ فوریه|فوریهٔ مارس آوریل مه|مهٔ ژوئن ژوئیه|ژوئیهٔ|جولای اوت|آگوست سپتامبر اکتبر نوامبر دسامبر",
}

WEEKDAYS: dict[str, str] = {
    "en": "monday|mon tuesday|tue|tues wednesday|wed thursday|thu|thur|thurs friday|fri saturday|sat sunday|sun",
    "de": "montag|mo|mon dienstag|di|die mittwoch|mi|mit donnerstag|do|don freitag|fr|fre samstag|sonnabend|sa|sam sonntag|so|son",
    "fr": "lundi|lun mardi|mar mercredi|mer jeudi|jeu vendredi|ven samedi|sam dimanche|dim",
    "es": "lunes|lun martes|mar miércoles|miercoles|mié|mie jueves|jue viernes|vie sábado|sabado|sáb|sab domingo|dom",
    "it": "lunedì|lun martedì|mar mercoledì|mer giovedì|gio venerdì|ven sabato|sab domenica|dom",
    "nl": "maandag|ma dinsdag|di woensdag|wo|woe donderdag|do|don vrijdag|vr|vrij zaterdag|za|zat zondag|zo|zon",
    "pt": "segunda-feira|segunda|seg terça-feira|terça|ter quarta-feira|quarta|qua quinta-feira|quinta|qui"
          " sexta-feira|sexta|sex sábado|sáb domingo|dom",
    "pl": "poniedziałek|pon wtorek|wt|wto środa|śr|śro czwartek|czw|czwa piątek|pt|pią sobota|sob niedziela|niedz|ndz|nd",
    "cs": "pondělí|po úterý|út středa|st čtvrtek|čt pátek|pá sobota|so neděle|ne",
    "sk": "pondelok|po utorok|ut streda|st štvrtok|št piatok|pi sobota|so nedeľa|ne",
    "da": "mandag|man tirsdag|tirs|tir onsdag|ons torsdag|tors|tor fredag|fre lørdag|lør søndag|søn",
    "no": "mandag|man tirsdag|tir|tirs onsdag|ons torsdag|tor|tors fredag|fre lørdag|lør søndag|søn",
    "sv": "måndag|mån tisdag|tis onsdag|ons torsdag|tors|tor fredag|fre lördag|lör söndag|sön",
    "fi": "maanantai|maanantaina|ma tiistai|tiistaina|ti keskiviikko|keskiviikkona|ke torstai|torstaina|to"
          " perjantai|perjantaina|pe lauantai|lauantaina|la sunnuntai|sunnuntaina|su",
    "et": "esmaspäev|e teisipäev|t kolmapäev|k neljapäev|n reede|r laupäev|l pühapäev|p",
    "lv": "pirmdiena|pirmd|p otrdiena|otrd|o trešdiena|trešd|t ceturtdiena|ceturtd|c piektdiena|piektd|pk sestdiena|sestd|s"
          " svētdiena|svētd|sv",
    "lt": "pirmadienis|pr antradienis|an trečiadienis|tr ketvirtadienis|kt penktadienis|pn šeštadienis|št sekmadienis|sk",
    "hu": "hétfő|hét|h kedd|k szerda|sze csütörtök|csüt|cs péntek|pén|p szombat|szo vasárnap|vas|v",
    "hr": "ponedjeljak|pon utorak|uto srijeda|sri četvrtak|čet petak|pet subota|sub nedjelja|ned",
    "sl": "ponedeljek|pon torek|tor sreda|sre četrtek|čet petek|pet sobota|sob nedelja|ned",
    "sr": "ponedeljak|pon|понедељак|пон utorak|uto|уторак|уто sreda|sre|среда|сре četvrtak|čet|четвртак|чет petak|pet|петак|пет"
          " subota|sub|субота|суб nedelja|ned|недеља|нед",
    "mk": "понеделник|пон вторник|вто среда|сре четврток|чет петок|пет сабота|саб недела|нед",
    "ro": "luni|lun|lu marți|marţi|mar|ma miercuri|mie|mi joi|jo vineri|vin|vi sâmbătă|sâm duminică|dum",
    "bg": "понеделник|пн вторник|вт сряда|ср четвъртък|чт петък|пт събота|сб неделя|нд",
    "ru": "понедельник|пн вторник|вт среда|ср четверг|чт пятница|пт суббота|сб воскресенье|вс",
    "uk": "понеділок|пн вівторок|вт середа|ср четвер|чт п’ятниця|п'ятниця|пт субота|сб неділя|нд",
    "el": "δευτέρα|δευ τρίτη|τρί|τρι τετάρτη|τετ πέμπτη|πέμ|πεμ παρασκευή|παρ σάββατο|σάβ|σαβ κυριακή|κυρ",
    "tr": "pazartesi|pzt|pts salı|sal çarşamba|çar|çrş perşembe|per|prş cuma|cum cumartesi|cmt|cts pazar|paz",
    "ca": "dilluns|dl dimarts|dt dimecres|dc dijous|dj divendres|dv dissabte|ds diumenge|dg",
    "gl": "luns|lun martes|mar mércores|mér xoves|xov venres|ven sábado|sáb domingo|dom",
    "eu": "astelehena|al asteartea|ar asteazkena|az osteguna|og ostirala|or larunbata|lr igandea|ig",
    "is": "mánudagur|mán þriðjudagur|þri miðvikudagur|mið fimmtudagur|fim föstudagur|fös laugardagur|lau sunnudagur|sun",
    "id": "senin|sen selasa|sel rabu|rab kamis|kam jumat|jum sabtu|sab minggu|min",
    "ms": "isnin|isn selasa|sel rabu|rab khamis|kha jumaat|jum sabtu|sab ahad|ahd",
    "vi": "hai ba tư năm sáu bảy cn|nhật",
    "ja": "月曜日|月 火曜日|火 水曜日|水 木曜日|木 金曜日|金 土曜日|土 日曜日",
    "zh": "星期一|周一|週一 星期二|周二|週二 星期三|周三|週三 星期四|周四|週四 星期五|周五|週五 星期六|周六|週六 星期日|周日|週日",
    "ko": "월요일|월 화요일|화 수요일|수 목요일|목 금요일|금 토요일|토 일요일",
}

# Words beside a time that mean "after noon" or "before noon", but for those that are small words elsewhere.
PM = frozenset((
    "pm", "p.m", "nachm", "tarde", "odp", "odpoledne", "popoludní", "μ.μ", "μμ", "ös", "ip", "e.m", "eftermiddag", "e.h", "ch", "ptg",
    "م", "مساءً", "午後", "下午", "오후", "пп",
))
AM = frozenset((
    "am", "a.m", "vorm", "dop", "dopoledne", "dopoludnia", "π.μ", "πμ", "öö", "ap", "f.m", "förmiddag", "f.h", "sa", "pg", "ص", "صباحًا",
    "午前", "上午", "오전", "дп",
))

# Zone names that mean one offset wherever mail programs write them; minutes east of Greenwich.
ZONES: dict[str, int] = {
    "utc": 0, "gmt": 0, "ut": 0, "z": 0, "wet": 0, "west": 60, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "met": 60,
    "mest": 120, "seč": 60, "selč": 120, "hnec": 60, "heec": 120, "eet": 120, "eest": 180, "oez": 120, "oesz": 180,
    "msk": 180, "мск": 180, "trt": 180, "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "acst": 570,
    "awst": 480, "wib": 420, "wita": 480, "wit": 540, "myt": 480, "sgt": 480, "hkt": 480, "ict": 420, "nzst": 720, "nzdt": 780, "brt": -180, "brst": -120, "sast": 120,
}
