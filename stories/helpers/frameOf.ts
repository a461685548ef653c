/** What a video shows now, in small; throws where it shows nothing yet, or black. */
export function frameOf(video: HTMLVideoElement): number[] {
  const canvas = document.createElement('canvas');
  canvas.width = 32;
  canvas.height = 20;
  const context = canvas.getContext('2d')!;
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const isLit = data.some((value, index) => index % 4 !== 3 && value > 40);
  if (!isLit) throw new Error('The video shows no picture yet.');
  return [...data];
}
