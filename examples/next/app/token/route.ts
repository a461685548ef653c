import { createToken } from '../hub';

export async function POST() {
  // Here an application looks who is asking, and answers 401 where nobody is logged in.
  return Response.json({ token: await createToken() });
}
