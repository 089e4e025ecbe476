// The yardstick: the widget's first screen as one would write it without a bank behind it: no session, no API, no languages.
import { createApp } from 'vue';
import '../../design/tokens.css';
import '../../h5/widgets/style.css';
import App from './App.vue';

createApp(App).mount('#app');
