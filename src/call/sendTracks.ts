/**
 * Makes `connection` send exactly `tracks`, with as little negotiation as possible: a track takes
 * the place of another one of its kind without any (`replaceTrack`), and a place that was given up
 * is taken again. All belong to `group`, which keeps sound and picture in step.
 */
export async function sendTracks(
  connection: RTCPeerConnection,
  tracks: readonly MediaStreamTrack[],
  group: MediaStream,
): Promise<void> {
  // One that is stopped was refused by the peer and is of no use.
  const transceivers = connection
    .getTransceivers()
    .filter(({ currentDirection }) => currentDirection !== 'stopped');
  const sent = transceivers.map(({ sender }) => sender.track);
  const free = transceivers.filter(({ sender }) => !tracks.some((track) => track === sender.track));
  const replacing: Promise<void>[] = [];

  for (const track of tracks.filter((one) => !sent.includes(one))) {
    const index = free.findIndex(({ receiver }) => receiver.track.kind === track.kind);
    if (index < 0) {
      connection.addTrack(track, group);
    } else {
      const [{ sender }] = free.splice(index, 1) as [RTCRtpTransceiver];
      replacing.push(sender.replaceTrack(track));
    }
  }
  for (const transceiver of free) {
    if (transceiver.sender.track) replacing.push(transceiver.sender.replaceTrack(null));
  }
  await Promise.all(replacing);

  // Only a change of direction or of streams is negotiated.
  for (const transceiver of transceivers) {
    const sends = transceiver.sender.track !== null;
    if (sends) transceiver.sender.setStreams(group);
    transceiver.direction = sends ? 'sendrecv' : 'recvonly';
  }
}
