/** What shops sell, in one word or two: a model that has seen few of them takes each for a sign of something. */
export const goods: readonly string[] = `
  trainers, sandals, slippers, heels, loafers, hiking boots, flip flops, gloves, scarf, hat, cap, belt, tie, suit, blazer, raincoat, cardigan, jumper,
  pullover, blouse, skirt, leggings, shorts, trousers, pyjamas, bikini, swimsuit, underwear, bra, tights, waistcoat, apron, polo, tracksuit, dungarees,
  earrings, ring, bracelet, brooch, cufflinks, sunglasses, glasses, wallet, purse, handbag, suitcase, rucksack, umbrella, tote bag,
  table, desk, bookshelf, wardrobe, cupboard, bed, bed frame, nightstand, stool, bench, armchair, footstool, cushions, pillow, duvet, blanket, sheets,
  curtains, blinds, carpet, doormat, mirror, picture frame, clock, candle, lampshade, floor lamp, light bulb, chandelier, shelf, drawer unit,
  teapot, cup, glasses, wine glasses, plates, bowl, cutlery, knife set, frying pan, pan, saucepan, pot, wok, baking tin, chopping board, toaster,
  microwave, air fryer, mixer, juicer, rice cooker, espresso maker, grill, barbecue, fridge, freezer, dishwasher, washing machine, vacuum cleaner,
  iron, hair dryer, straightener, shaver, toothbrush, heater, fan, humidifier, air purifier, thermometer, scale,
  phone, smartphone, tablet, laptop, monitor, printer, ink cartridge, mouse, webcam, router, hard drive, memory card, usb stick, power bank, cable,
  adapter, earbuds, speaker, microphone, turntable, guitar, piano, drum, camera, tripod, lens, projector, television, remote control, game console,
  controller, video game, board game, puzzle, doll, teddy bear, lego set, toy car, train set, scooter, pram, cot, high chair, car seat, baby monitor,
  nappies, bicycle, bike, bike lock, helmet, tyre, pump, skateboard, skis, snowboard, surfboard, yoga mat, dumbbells, treadmill, exercise bike,
  football, tennis racket, golf clubs, fishing rod, sleeping bag, hammock, camping stove, torch, cool box, binoculars, compass, map,
  lawn mower, hedge trimmer, garden hose, sprinkler, watering can, spade, wheelbarrow, parasol, garden furniture, trampoline, paddling pool, plant,
  seeds, flower pot, bird feeder, dog bed, cat tree, leash, dog food, aquarium, drill, hammer, screwdriver set, saw, ladder, toolbox, paint, brush,
  wallpaper, screws, glue, tape, sander, smoke detector, lock, doorbell, battery, extension lead, novel, cookbook, notebook, diary, calendar, pen,
  fountain pen, pencil case, stamps, envelope, poster, painting, sculpture, record, dvd, magazine, shampoo, soap, lotion, lipstick, mascara,
  foundation, nail polish, razor, sun cream, vitamins, protein powder, tea, coffee beans, chocolate, wine, olive oil, honey, spices, cheese, hamper,
  gift set, bouquet, mug, bottle, flask, lunch box, cooler, tray, basket, bin, laundry basket, ironing board, mop, bucket, sponge, detergent
`
  .trim()
  .split(/\s*,\s*/)
