const lists = {
  en: `a about after again all also am an and any anything are as ask at back be because been before being best both but by can cannot could day
    days dear did do does doing done down each even few find for from further get give go good got had has have having he hello help her here hers
    hey hi him his how i if in into is it its just kind know last let like look made make many me more most much my myself need new no nor not now of
    off ok on once one only or order ordered orders other our out over own please received regards same see send she should since so some something
    soon still such take team tell than thank thanks that the their them then there these they thing this those though through time to today too
    under until up us use very want was way we week well were what when where which while who why will with would yes yesterday yet you your
    yours don didn doesn isn wasn won ve ll re im ive dont didnt`,
  de: `aber alle als also am an auch auf aus bei bin bis bitte da damit dann das dass dem den denn der des die dies diese dieser doch dort du durch ein
    eine einem einen einer eines er es etwas freundliche für gegen gerne grüße guten habe haben hallo hat hatte ich ihr ihre ihnen im in ist ja
    jetzt kann kein keine können mein meine mich mir mit nach nicht noch nur oder ohne schon sehr sein seine sich sie sind so tag über um und uns
    unser von vor war warum was wann wenn wer werden wie wieder wir wird wo wurde zu zum zur danke`,
  fr: `ai alors après au aussi autre aux avait avant avec avez avoir bien bonjour car ce ceci cela ces cet cette chez comme comment cordialement
    dans de depuis des donc du elle elles en encore est et être eu fait faire faut il ils je jour la le les leur lui ma mais me merci mes mon ne
    nos notre nous on ont ou où par pas peut plus pour pourquoi pouvez quand que quel quelle qui sa sans se ses si son sont sur ta te tes toi ton
    tous tout très tu un une vos votre vous été`,
  es: `al algo antes así aún bien buenas buenos cada como con cual cuando de del desde días donde dos el ella ellos en entre era es esa ese eso
    esta está este esto favor fue gracias ha había hace han hasta hay hola la las le les lo los más me mi mis mucho muy nada ni no nos o otro para
    pero por porque que qué quien saludos se ser si sí sin sobre son su sus también te tengo ti tiene todo tu un una uno unos usted ya yo`,
  it: `a ad ai al alla anche ancora buongiorno che chi ci ciao come con cosa cui da dal dalla dei del della delle di dopo dove e ed era fa fatto gli
    grazie ha hanno ho i il in io la le lo loro ma mi mia mio molto nei nel nella no noi non o ogni per perché però più poi quando quello questa
    questo saluti se sei si sia sono su sua suo tra tu un una uno vi voi`,
  nl: `aan al alles als bij dan dat de deze die dit doen door dus een en er gaan geen groet groeten had heb hebben heeft het hier hij hoe hun ik in is
    ja je kan kunnen maar me meer met mij mijn na naar niet niets nog nu of om omdat ons ook op over te tegen toch toen tot u uit uw van veel voor
    waar want waren was wat we wel werd wie wij wil worden zal ze zelf zich zij zijn zo zonder bedankt hallo`,
  pt: `a ao aos as até bom boa com como da das de dela dele depois dia do dos e ela ele em entre era essa esse esta está este eu foi for há isso já
    lhe mais mas me mesmo meu minha muito na não nas nem no nos nós num o obrigada obrigado olá onde ou para pela pelo por porque qual quando que
    quem se sem ser seu só sua também tem tenho um uma você`,
} as const

/** Words that say nothing of what a message is about, in the languages that shops write in most. */
export const stopWords: ReadonlySet<string> = new Set(Object.values(lists).flatMap((list) => list.split(/\s+/)))
