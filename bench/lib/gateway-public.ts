// The graph and the question of the public benchmark of federation gateways: accounts, inventory, products and reviews, each an entity of the
// others, asked to and fro. Written anew; sizes as there: six users, nine products, a few reviews each.

const link = (imports: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [${imports}])`

const users = Array.from({ length: 6 }, (_, n) => ({
  id: `u${n + 1}`,
  name: `User Number ${n + 1}`,
  username: `user_${n + 1}`,
  birthday: 1_000 + n,
}))
const products = Array.from({ length: 9 }, (_, n) => ({
  upc: `${n + 1}`,
  name: `Product ${n + 1}`,
  price: n === 4 ? 12_000 : 50 + n * 7,
  weight: 10 * (n + 1),
}))
const reviews = Array.from({ length: 11 }, (_, n) => ({
  id: `r${n + 1}`,
  body: `What is to be said of it, part ${n + 1}: it does what it should, and looks well on a desk.`,
  author: { id: `u${(n % 4) + 1}` },
  product: { upc: `${(n % 5) + 1}` },
}))
const reference = { __resolveReference: (of: object) => of }

export const publicSubgraphs = {
  accounts: {
    sdl: `${link('"@key"')}
      type Query { me: User user(id: ID!): User users: [User] }
      type User @key(fields: "id") { id: ID! name: String username: String birthday: Int }`,
    resolvers: {
      Query: { users: () => users },
      User: { __resolveReference: ({ id }: { id: string }) => users.find((user) => user.id === id) },
    },
  },
  inventory: {
    sdl: `${link('"@key", "@external", "@requires"')}
      type Product @key(fields: "upc") {
        upc: String! weight: Int @external price: Int @external inStock: Boolean
        shippingEstimate: Int @requires(fields: "price weight")
      }`,
    resolvers: {
      Product: {
        ...reference,
        inStock: ({ upc }: { upc: string }) => Number(upc) % 2 === 1,
        shippingEstimate: ({ price, weight }: { price: number; weight: number }) => (price > 1_000 ? 0 : weight / 2),
      },
    },
  },
  products: {
    sdl: `${link('"@key"')}
      type Query { topProducts(first: Int = 5): [Product] }
      type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
    resolvers: {
      Query: { topProducts: (_: unknown, { first }: { first: number }) => products.slice(0, first) },
      Product: { __resolveReference: ({ upc }: { upc: string }) => products.find((product) => product.upc === upc) },
    },
  },
  reviews: {
    sdl: `${link('"@key", "@external"')}
      type Review @key(fields: "id") { id: ID! body: String author: User product: Product }
      type User @key(fields: "id") { id: ID! reviews: [Review] }
      type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
    resolvers: {
      User: { ...reference, reviews: ({ id }: { id: string }) => reviews.filter(({ author }) => author.id === id) },
      Product: {
        ...reference,
        reviews: ({ upc }: { upc: string }) => reviews.filter(({ product }) => product.upc === upc),
      },
    },
  },
}

const user = '...User'
const product = '...Product'
const review = (inside: string) => `reviews { ...Review ${inside} }`

export const publicQuery = `
  fragment User on User { id username name }
  fragment Review on Review { id body }
  fragment Product on Product { inStock name price shippingEstimate upc weight }
  query TestQuery {
    users { ${user} ${review(`product { ${product} ${review(`author { ${user} ${review(`product { ${product} }`)} }`)} }`)} }
    topProducts { ${product} ${review(`author { ${user} ${review(`product { ${product} }`)} }`)} }
  }`
