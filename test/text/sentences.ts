// A few words, a sentence and a paragraph in many languages, written for the tests of language detection.

export interface Sample {
  readonly language: string;
  /** Two to five words, as one types them into a search box. */
  readonly words: string;
  readonly sentence: string;
  readonly paragraph: string;
}

export const SAMPLES: readonly Sample[] = [
  {
    language: 'en',
    words: 'cheap flights in summer',
    sentence: 'The train to the coast was late again because of the snow.',
    paragraph:
      'My grandmother kept a small garden behind the house. Every spring she planted beans and tomatoes, and in autumn we helped her to carry the baskets into the kitchen. She never wrote down a recipe, but everything she cooked tasted better than what I make today.',
  },
  {
    language: 'de',
    words: 'günstige Flüge im Sommer',
    sentence: 'Der Zug an die Küste hatte wegen des Schnees schon wieder Verspätung.',
    paragraph:
      'Meine Großmutter hatte einen kleinen Garten hinter dem Haus. Jedes Frühjahr pflanzte sie Bohnen und Tomaten, und im Herbst halfen wir ihr, die Körbe in die Küche zu tragen. Sie schrieb nie ein Rezept auf, aber alles, was sie kochte, schmeckte besser als das, was ich heute mache.',
  },
  {
    language: 'fr',
    words: 'vols pas chers en été',
    sentence: 'Le train pour la côte était encore en retard à cause de la neige.',
    paragraph:
      "Ma grand-mère avait un petit jardin derrière la maison. Chaque printemps, elle plantait des haricots et des tomates, et en automne nous l'aidions à porter les paniers dans la cuisine. Elle n'a jamais écrit une recette, mais tout ce qu'elle préparait était meilleur que ce que je fais aujourd'hui.",
  },
  {
    language: 'es',
    words: 'vuelos baratos en verano',
    sentence: 'El tren a la costa llegó tarde otra vez por culpa de la nieve.',
    paragraph:
      'Mi abuela tenía un pequeño huerto detrás de la casa. Cada primavera plantaba judías y tomates, y en otoño la ayudábamos a llevar las cestas a la cocina. Nunca escribió una receta, pero todo lo que cocinaba sabía mejor que lo que yo hago hoy.',
  },
  {
    language: 'it',
    words: 'voli economici in estate',
    sentence: 'Il treno per la costa era di nuovo in ritardo a causa della neve.',
    paragraph:
      'Mia nonna aveva un piccolo orto dietro la casa. Ogni primavera piantava fagioli e pomodori, e in autunno la aiutavamo a portare i cesti in cucina. Non ha mai scritto una ricetta, ma tutto quello che cucinava era più buono di quello che faccio io oggi.',
  },
  {
    language: 'pt',
    words: 'voos baratos no verão',
    sentence: 'O comboio para a costa chegou outra vez atrasado por causa da neve.',
    paragraph:
      'A minha avó tinha uma pequena horta atrás da casa. Todas as primaveras plantava feijões e tomates, e no outono nós ajudávamos a levar os cestos para a cozinha. Nunca escreveu uma receita, mas tudo o que cozinhava era melhor do que aquilo que eu faço hoje.',
  },
  {
    language: 'nl',
    words: 'goedkope vluchten in de zomer',
    sentence: 'De trein naar de kust had weer vertraging door de sneeuw.',
    paragraph:
      'Mijn grootmoeder had een kleine tuin achter het huis. Elk voorjaar plantte ze bonen en tomaten, en in de herfst hielpen we haar om de manden naar de keuken te dragen. Ze schreef nooit een recept op, maar alles wat ze kookte smaakte beter dan wat ik vandaag maak.',
  },
  {
    language: 'sv',
    words: 'billiga flyg på sommaren',
    sentence: 'Tåget till kusten var försenat igen på grund av snön.',
    paragraph:
      'Min mormor hade en liten trädgård bakom huset. Varje vår planterade hon bönor och tomater, och på hösten hjälpte vi henne att bära in korgarna i köket. Hon skrev aldrig ner något recept, men allt hon lagade smakade bättre än det jag gör i dag.',
  },
  {
    language: 'da',
    words: 'billige flyrejser om sommeren',
    sentence: 'Toget til kysten var igen forsinket på grund af sneen.',
    paragraph:
      'Min bedstemor havde en lille have bag huset. Hvert forår plantede hun bønner og tomater, og om efteråret hjalp vi hende med at bære kurvene ind i køkkenet. Hun skrev aldrig en opskrift ned, men alt, hvad hun lavede, smagte bedre end det, jeg laver i dag.',
  },
  {
    language: 'no',
    words: 'billige flybilletter om sommeren',
    sentence: 'Toget til kysten var forsinket igjen på grunn av snøen.',
    paragraph:
      'Bestemoren min hadde en liten hage bak huset. Hver vår plantet hun bønner og tomater, og om høsten hjalp vi henne med å bære kurvene inn på kjøkkenet. Hun skrev aldri ned en oppskrift, men alt hun laget, smakte bedre enn det jeg lager i dag.',
  },
  {
    language: 'fi',
    words: 'halvat lennot kesällä',
    sentence: 'Juna rannikolle oli taas myöhässä lumen takia.',
    paragraph:
      'Isoäidilläni oli pieni puutarha talon takana. Joka kevät hän istutti papuja ja tomaatteja, ja syksyllä autoimme häntä kantamaan korit keittiöön. Hän ei koskaan kirjoittanut reseptiä muistiin, mutta kaikki mitä hän keitti maistui paremmalta kuin se mitä minä teen nyt.',
  },
  {
    language: 'pl',
    words: 'tanie loty latem',
    sentence: 'Pociąg na wybrzeże znowu się spóźnił z powodu śniegu.',
    paragraph:
      'Moja babcia miała mały ogród za domem. Każdej wiosny sadziła fasolę i pomidory, a jesienią pomagaliśmy jej nosić kosze do kuchni. Nigdy nie zapisała żadnego przepisu, ale wszystko, co gotowała, smakowało lepiej niż to, co ja robię dzisiaj.',
  },
  {
    language: 'cs',
    words: 'levné letenky v létě',
    sentence: 'Vlak k pobřeží měl kvůli sněhu zase zpoždění.',
    paragraph:
      'Moje babička měla za domem malou zahradu. Každé jaro sázela fazole a rajčata a na podzim jsme jí pomáhali nosit koše do kuchyně. Nikdy si nezapsala žádný recept, ale všechno, co uvařila, chutnalo lépe než to, co dělám dnes já.',
  },
  {
    language: 'hu',
    words: 'olcsó repülőjegyek nyáron',
    sentence: 'A tengerpartra tartó vonat megint késett a hó miatt.',
    paragraph:
      'A nagymamámnak volt egy kis kertje a ház mögött. Minden tavasszal babot és paradicsomot ültetett, ősszel pedig segítettünk neki bevinni a kosarakat a konyhába. Soha nem írt le egyetlen receptet sem, de minden, amit főzött, finomabb volt annál, amit én ma készítek.',
  },
  {
    language: 'ro',
    words: 'zboruri ieftine vara',
    sentence: 'Trenul spre coastă a întârziat din nou din cauza zăpezii.',
    paragraph:
      'Bunica mea avea o grădină mică în spatele casei. În fiecare primăvară planta fasole și roșii, iar toamna o ajutam să ducă coșurile în bucătărie. Nu a scris niciodată o rețetă, dar tot ce gătea era mai bun decât ceea ce fac eu astăzi.',
  },
  {
    language: 'tr',
    words: 'yazın ucuz uçuşlar',
    sentence: 'Sahile giden tren kar yüzünden yine gecikti.',
    paragraph:
      'Büyükannemin evin arkasında küçük bir bahçesi vardı. Her ilkbaharda fasulye ve domates ekerdi, sonbaharda ise sepetleri mutfağa taşımasına yardım ederdik. Hiçbir tarifi yazmadı ama pişirdiği her şey benim bugün yaptıklarımdan daha güzeldi.',
  },
  {
    language: 'id',
    words: 'tiket pesawat murah musim panas',
    sentence: 'Kereta ke pantai terlambat lagi karena salju.',
    paragraph:
      'Nenek saya mempunyai kebun kecil di belakang rumah. Setiap musim hujan dia menanam kacang dan tomat, dan kami membantunya membawa keranjang ke dapur. Dia tidak pernah menulis resep, tetapi semua yang dia masak lebih enak daripada yang saya buat sekarang.',
  },
  {
    language: 'vi',
    words: 'vé máy bay giá rẻ',
    sentence: 'Chuyến tàu ra bờ biển lại bị trễ vì tuyết.',
    paragraph:
      'Bà tôi có một khu vườn nhỏ ở phía sau nhà. Mỗi mùa xuân bà trồng đậu và cà chua, đến mùa thu chúng tôi giúp bà mang những chiếc giỏ vào bếp. Bà không bao giờ viết công thức, nhưng tất cả những món bà nấu đều ngon hơn món tôi làm bây giờ.',
  },
  {
    language: 'ca',
    words: 'vols barats a l’estiu',
    sentence: 'El tren cap a la costa ha tornat a arribar tard per culpa de la neu.',
    paragraph:
      'La meva àvia tenia un petit hort darrere de la casa. Cada primavera hi plantava mongetes i tomàquets, i a la tardor l’ajudàvem a portar els cistells a la cuina. Mai no va escriure cap recepta, però tot el que cuinava era més bo que el que faig jo avui.',
  },
  {
    language: 'ru',
    words: 'дешёвые билеты летом',
    sentence: 'Поезд на побережье снова опоздал из-за снега.',
    paragraph:
      'У моей бабушки был маленький сад за домом. Каждую весну она сажала фасоль и помидоры, а осенью мы помогали ей носить корзины на кухню. Она никогда не записывала рецептов, но всё, что она готовила, было вкуснее того, что делаю сегодня я.',
  },
  {
    language: 'uk',
    words: 'дешеві квитки влітку',
    sentence: 'Потяг до узбережжя знову запізнився через сніг.',
    paragraph:
      'У моєї бабусі був маленький сад за будинком. Кожної весни вона садила квасолю та помідори, а восени ми допомагали їй носити кошики на кухню. Вона ніколи не записувала рецептів, але все, що вона готувала, було смачніше за те, що роблю сьогодні я.',
  },
  {
    language: 'bg',
    words: 'евтини полети през лятото',
    sentence: 'Влакът за крайбрежието отново закъсня заради снега.',
    paragraph:
      'Баба ми имаше малка градина зад къщата. Всяка пролет тя садеше боб и домати, а през есента ѝ помагахме да носи кошниците в кухнята. Тя никога не записа рецепта, но всичко, което готвеше, беше по-вкусно от това, което правя аз днес.',
  },
  {
    language: 'el',
    words: 'φτηνές πτήσεις το καλοκαίρι',
    sentence: 'Το τρένο για την ακτή άργησε πάλι εξαιτίας του χιονιού.',
    paragraph:
      'Η γιαγιά μου είχε έναν μικρό κήπο πίσω από το σπίτι. Κάθε άνοιξη φύτευε φασόλια και ντομάτες, και το φθινόπωρο τη βοηθούσαμε να φέρει τα καλάθια στην κουζίνα.',
  },
  {
    language: 'ar',
    words: 'رحلات رخيصة في الصيف',
    sentence: 'تأخر القطار المتجه إلى الساحل مرة أخرى بسبب الثلج.',
    paragraph:
      'كانت لجدتي حديقة صغيرة خلف البيت. في كل ربيع كانت تزرع الفاصوليا والطماطم، وفي الخريف كنا نساعدها على حمل السلال إلى المطبخ. لم تكتب وصفة قط، لكن كل ما كانت تطبخه كان ألذ مما أصنعه اليوم.',
  },
  {
    language: 'fa',
    words: 'پرواز ارزان در تابستان',
    sentence: 'قطار ساحل دوباره به خاطر برف دیر رسید.',
    paragraph:
      'مادربزرگم باغچه کوچکی پشت خانه داشت. هر بهار لوبیا و گوجه‌فرنگی می‌کاشت و پاییز به او کمک می‌کردیم که سبدها را به آشپزخانه ببرد. او هیچ وقت دستور غذایی ننوشت، اما هر چه می‌پخت از آنچه من امروز درست می‌کنم بهتر بود.',
  },
  {
    language: 'he',
    words: 'טיסות זולות בקיץ',
    sentence: 'הרכבת לחוף איחרה שוב בגלל השלג.',
    paragraph:
      'לסבתא שלי הייתה גינה קטנה מאחורי הבית. בכל אביב היא שתלה שעועית ועגבניות, ובסתיו עזרנו לה לשאת את הסלים אל המטבח.',
  },
  {
    language: 'hi',
    words: 'गर्मियों में सस्ती उड़ानें',
    sentence: 'बर्फ़ की वजह से तट की ओर जाने वाली रेलगाड़ी फिर देर से आई।',
    paragraph:
      'मेरी दादी का घर के पीछे एक छोटा बगीचा था। हर वसंत में वह सेम और टमाटर लगाती थीं, और पतझड़ में हम टोकरियाँ रसोई तक ले जाने में उनकी मदद करते थे।',
  },
  {
    language: 'th',
    words: 'ตั๋วเครื่องบินราคาถูก',
    sentence: 'รถไฟไปชายฝั่งมาสายอีกครั้งเพราะหิมะ',
    paragraph: 'คุณยายของฉันมีสวนเล็กๆ อยู่หลังบ้าน ทุกปีท่านปลูกถั่วและมะเขือเทศ และพวกเราช่วยยกตะกร้าเข้าครัว',
  },
  {
    language: 'ja',
    words: '夏の格安航空券',
    sentence: '海岸行きの列車は雪のためにまた遅れた。',
    paragraph:
      '祖母は家の裏に小さな畑を持っていた。毎年春になると豆やトマトを植え、秋には私たちが籠を台所まで運ぶのを手伝った。',
  },
  {
    language: 'ko',
    words: '여름 저가 항공권',
    sentence: '해안으로 가는 기차가 눈 때문에 또 늦었다.',
    paragraph:
      '할머니는 집 뒤에 작은 밭을 가지고 계셨다. 해마다 봄이면 콩과 토마토를 심으셨고, 가을에는 우리가 바구니를 부엌으로 나르는 것을 도왔다.',
  },
  {
    language: 'zh',
    words: '夏季便宜机票',
    sentence: '因为下雪，开往海边的火车又晚点了。',
    paragraph:
      '我的祖母在屋后有一个小菜园。每年春天她都种豆子和西红柿，到了秋天我们帮她把篮子搬进厨房。她从来没有写下菜谱，但是她做的饭菜都比我今天做的好吃。',
  },
];
