// The same, with the older version that Roundcube ships.
import './tinymce.js';
