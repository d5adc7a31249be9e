"""Ordinary words that are neither a person's name nor a place, so that a refusal or a cry is not taken for one."""

from bot.understanding.vocabulary import word_set

ORDINARY = word_set(
    "a about above after afraid again ago all alone already also always am an and angry annoyed anonymous another "
    "any anyone anything are around as ask at atm away back bad be because been before being best better both "
    "boyfriend brother but by bye call can cannot cant care child children confused could cry dad daughter dead "
    "depressed did do does doesnt dont done down drunk dunno else end even ever every everyone everything ex exit "
    "family father fed feel feeling few find fine for free friend from fuck fucking get girlfriend give go going "
    "gone good got gonna had happy has hate have he hello help her here hers hey hi him his hit hits home house "
    "how hungry hurt hurts husband i id idk if ill im in info is isnt it its ive just keep kids know last late "
    "later leave left less let like live living lost mad married matter maybe me mental mother move much mum my "
    "myself need nah neither nervous never new next nice no nobody noone none nope nor not nothing now nowhere of "
    "off ok okay on one only or other our out own panicking pass people person phone please pls poorly prefer "
    "pregnant private quit rather ready really resume right sad safe said same saying scared secret see send she "
    "should sick sister skip so some someone something somewhere son sorry start stay still stop stuck sure swear "
    "talk tell tbh terrified text thank thanks that thats the their them then there these they thing this though "
    "tired to today together tomorrow too trapped trying tues under unsafe unsure until unwell up upset us using "
    "very wait wanna want was we weird well were what whatever when where which while who why wife with without "
    "wont work worried worse would wrong yeah yep yes yet yh you young your yours zero business hiya idea menu "
    "human nan mate u ur ye yea y n k x different cold dying ill crying struggling north south east west lol omg "
    "wtf hmm hm nvm brb idc hes shes theyre theres lets id youre ta ty cheers"
)
