import { registerPlainText } from '@lexical/plain-text';
import { start } from './lexical.js';

start(registerPlainText);
