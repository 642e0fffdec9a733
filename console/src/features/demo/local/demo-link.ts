import { ApolloLink } from '@apollo/client'
import { execute, type GraphQLSchema } from 'graphql'
import { from, map } from 'rxjs'

/** Answers queries and mutations from the world at hand. (Apollo's own link for this would bring a second copy of graphql into tests.) */
export const demoLink = (schema: GraphQLSchema, rootValue: object): ApolloLink =>
  new ApolloLink(({ query, variables }) =>
    from(answered(() => execute({ schema, document: query, rootValue, variableValues: variables }))).pipe(
      map((result) => result as ApolloLink.Result),
    ),
  )

/** Later, as from a server: a caller may rely on nothing having happened yet when it has asked. */
const answered = async <Result>(answer: () => Result) => {
  await Promise.resolve()
  return answer()
}
