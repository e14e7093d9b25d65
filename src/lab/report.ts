// The lab's page: every auto-encoder that was trained, beside the plain ways, as one HTML file.
import type { LabResults } from './results.ts';

/**
 * Draws the page. It asks for nothing from anywhere and runs no script: its own policy forbids both. Results that were
 * read from JSON give the same page as those that were written. The drawing libraries are loaded by the first call.
 */
export async function labReport(results: LabResults): Promise<string> {
  const { labPage } = await import('./report-page.ts');
  return labPage(results);
}
