// The search index has paths from the site's top ('cli/#look'), since nobody knows where the site will be when it is made.
// What is found gets the path that the site has here.
import { fetchIndexesByWorker, searchByWorker as search } from 'search-by-worker-original';

export { fetchIndexesByWorker };

export async function searchByWorker(baseUrl, context, input, limit) {
  const found = await search(baseUrl, context, input, limit);
  return found.map((result) => ({ ...result, document: { ...result.document, u: baseUrl + result.document.u } }));
}
