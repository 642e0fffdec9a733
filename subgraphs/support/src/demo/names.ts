/** First and last names of the demo shop's customers. */
export const firstNames = [
  'Amelia', 'Noah', 'Olivia', 'Liam', 'Sofia', 'Mateo', 'Hana', 'Yusuf', 'Chloé', 'Lucas', 'Ingrid', 'Oskar', 'Priya', 'Arjun',
  'Zoe', 'Ethan', 'Mei', 'Hiro', 'Fatima', 'Omar', 'Clara', 'Jonas', 'Elena', 'Marco', 'Aoife', 'Sean', 'Nadia', 'Viktor',
] as const
export const lastNames = [
  'Martin', 'Okafor', 'Nguyen', 'Schmidt', 'García', 'Rossi', 'Kowalski', 'Haddad', 'Tanaka', 'Singh', 'Jensen', 'Novak', 'Silva',
  'Murphy', 'Dubois', 'Larsen', 'Costa', 'Weber', 'Patel', 'Ivanova', 'Brown', 'Moreau', 'Fischer', 'Yamamoto', 'Ali', 'Berg',
] as const
