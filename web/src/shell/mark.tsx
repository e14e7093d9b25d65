/** The mark: layers of an auto-encoder, wide, narrow, wide. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      {[16, 10, 3, 10, 16].map((width, layer) => (
        <rect key={layer} x={10 - width / 2} y={2 + layer * 3.5} width={width} height="2" />
      ))}
    </svg>
  );
}
