import { useEffect, useRef, type RefObject } from 'react';

const MEASUREMENTS_PER_SECOND = 15;
/** Speech close to a microphone is about a quarter of full scale. */
const SPEECH = 0.25;

/** Shows in a `<meter>` how loud a stream is, from 0 to 1, without a render. */
export function useLevel(stream: MediaStream | null): RefObject<HTMLMeterElement | null> {
  const ref = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    const meter = ref.current;
    if (!meter || !stream || typeof AudioContext === 'undefined') return;
    const audio = new AudioContext();
    const analyser = new AnalyserNode(audio, { fftSize: 512 });
    audio.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const measure = () => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      meter.value = Math.sqrt(power) / SPEECH;
    };
    // Some browsers keep it silent until somebody has touched the page.
    const resume = () => void audio.resume();
    document.addEventListener('click', resume);
    const timer = setInterval(measure, 1000 / MEASUREMENTS_PER_SECOND);
    return () => {
      clearInterval(timer);
      document.removeEventListener('click', resume);
      meter.value = 0;
      void audio.close();
    };
  }, [stream]);
  return ref;
}
