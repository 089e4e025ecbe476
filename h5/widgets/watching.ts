// While the bank works: ask every two seconds by ETag until the application has left the screen that shows it.
import { onMounted, onUnmounted, ref } from 'vue';
import { poll, Refusal } from '../api/client';
import { type Application, journey, placed, run, type Screen, settle } from './journey';

export function watchApplication(here: Screen) {
  const stop = new AbortController();
  const seconds = ref(0);
  const timer = setInterval(() => { seconds.value += 1; }, 1000);
  const watch = () => poll(
    '/customer/v1/applications/{application_id}', { path: { application_id: journey.application!.id } },
    (now: Application) => {
      if (journey.busy) return false;
      void placed(now).then((screen) => { if (screen !== here) { stop.abort(); settle(screen); } }).catch(() => undefined);
      return false;
    },
    stop.signal,
    (refusal) => { journey.problem = refusal; },
  ).catch((error: unknown) => { if (!stop.signal.aborted && error instanceof Refusal) void run(() => Promise.reject(error)); });
  onMounted(() => void watch());
  onUnmounted(() => { stop.abort(); clearInterval(timer); journey.problem = null; });
  return seconds;
}
