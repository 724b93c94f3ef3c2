// Loads the code of a page, also where the address ends in index.html, as on a disk: without it the page is rendered twice.
import preload from 'preload-original';

export default (pathname) => preload(pathname.replace(/\/index\.html$/, '/'));
