import { createApp } from 'vue';
import '../../design/tokens.css';
import '../widgets/style.css';
import './style.css';
import App from './App.vue';

createApp(App).mount('#app');
